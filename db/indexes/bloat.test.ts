import { describe, expect, it } from 'vitest'
import { bloatOf } from './bloat'

const row = { indexrelid: 1, bytes: 800_000, rebuilt_bytes: 600_000, plus_minus: 3, withheld: null, fix: null }

describe('bloatOf', () => {
  it('is what a rebuild would give back', () => {
    expect(bloatOf(row)).toEqual({ bloatBytes: 200_000, bloatRatio: 0.25, trust: { kind: 'estimated', plusMinus: 3 } })
  })

  it('is never below zero', () => {
    expect(bloatOf({ ...row, rebuilt_bytes: 900_000 })).toMatchObject({ bloatBytes: 0, bloatRatio: 0 })
  })

  it('is exact where the ± would not show', () => {
    expect(bloatOf({ ...row, plus_minus: 0 }).trust).toEqual({ kind: 'exact' })
  })

  it('passes the reason and the fix on', () => {
    const withheld = { ...row, rebuilt_bytes: null, plus_minus: null, withheld: 'never analyzed', fix: 'ANALYZE public.t' }
    expect(bloatOf(withheld)).toEqual({
      bloatBytes: null,
      bloatRatio: null,
      trust: { kind: 'withheld', reason: 'never analyzed', fix: 'ANALYZE public.t' },
    })
  })

  it('takes an empty file for no bloat', () => {
    expect(bloatOf({ ...row, bytes: 0, rebuilt_bytes: 0, plus_minus: 0 })).toMatchObject({ bloatBytes: 0, bloatRatio: 0 })
  })
})
