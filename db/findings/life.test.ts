import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Finding } from '../checks/define-check'
import { CADENCE_MS, type Change, flapMs, type Known, lifeAfter, stateOf } from './life'
import { bySubject, subjectOf } from './subject'

const index = (relname: string, severity: Finding['severity'] = 'warn', evidence = ''): Finding => ({
  ...{ kind: 'relation', what: 'index', schemaname: 'public', relname, oid: 1, title: relname, evidence },
  ...{ trust: { kind: 'exact' }, severity, fix: null, sql: null },
})

const START = new Date('2026-11-23T14:00:00Z')
const later = (ms: number): Date => new Date(START.getTime() + ms)
const MINUTE = { cadence: 'minute', most: 100 } as const

/** What a store makes of changes: the reference that looks are played on. */
function store() {
  let rows: (Known & { opened: number })[] = []
  let last = 0
  return {
    rows: () => rows,
    open: () => rows.filter(({ endedAt }) => endedAt === null),
    look: (findings: Finding[] | null, at: Date, how: { cadence: 'minute' | 'hour'; most: number } = MINUTE): Change[] => {
      if (findings === null) return []
      const newest = [
        ...new Map(
          rows.toSorted((a, b) => Number(b.endedAt !== null) - Number(a.endedAt !== null) || a.id - b.id).map((row) => [row.subject, row]),
        ).values(),
      ]
      const changes = lifeAfter(newest, bySubject(findings), at, how)
      for (const change of changes) {
        if (change.kind === 'opened') rows.push({ ...change, id: ++last, endedAt: null, opened: at.getTime() })
        else
          rows = rows.map((row) =>
            row.id !== change.id ? row : change.kind === 'ended' ? { ...row, endedAt: at } : { ...row, endedAt: null, found: change.found },
          )
      }
      return changes
    },
  }
}

describe('the subject of a finding', () => {
  it('outlives another OID, and tells sessions with one pid apart', () => {
    expect(subjectOf({ ...index('a'), oid: 2 } as Finding)).toBe(subjectOf(index('a')))
    const session = { ...index('a'), kind: 'session', pid: 7, backend_start: '2026-11-23 10:00:00.000001' } as Finding
    expect(subjectOf(session)).not.toBe(subjectOf({ ...session, backend_start: '2026-11-23 10:00:00.000002' } as Finding))
  })

  it('keeps several of one relation apart, and is never too long for an index entry', () => {
    const part = (name: string) => ({ ...index('a'), part: name }) as Finding
    expect(bySubject([part('x'), part('y'), index('a'), index('a')]).size).toBe(4)
    expect(subjectOf(part('x'.repeat(10_000))).length).toBeLessThan(100)
    expect(subjectOf(part('x'.repeat(10_000)))).not.toBe(subjectOf(part(`${'x'.repeat(9_999)}y`)))
  })
})

describe('the life of findings', () => {
  it('opens, goes on without a change, changes, ends', () => {
    const { look } = store()
    expect(look([index('a')], START)).toMatchObject([{ kind: 'opened' }])
    expect(look([index('a')], later(60_000))).toEqual([])
    expect(look([index('a', 'warn', '40 %')], later(120_000))).toMatchObject([{ kind: 'goes on', said: true, worse: false, again: false }])
    expect(look([index('a', 'bad', '40 %')], later(180_000))).toMatchObject([{ kind: 'goes on', said: true, worse: true }])
    expect(look([], later(240_000))).toEqual([{ kind: 'ended', id: 1 }])
    expect(look([], later(300_000))).toEqual([])
  })

  it('notices another OID, and says nothing else of it', () => {
    const { look, rows } = store()
    look([index('a')], START)
    const rebuilt = { ...index('a'), oid: 2 } as Finding
    expect(look([rebuilt], later(1))).toMatchObject([{ kind: 'goes on', said: false, worse: false, again: false }])
    expect(rows()).toHaveLength(1)
  })

  it.each(['minute', 'hour'] as const)('does not open twice what comes back within three looks of each %s', (cadence) => {
    const { look, rows } = store()
    const how = { cadence, most: 100 }
    look([index('a')], START, how)
    look([], later(CADENCE_MS[cadence]), how)
    expect(look([index('a')], later(CADENCE_MS[cadence] + flapMs(cadence)), how)).toMatchObject([{ kind: 'goes on', again: true }])
    look([], later(5 * CADENCE_MS[cadence]), how)
    expect(look([index('a')], later(5 * CADENCE_MS[cadence] + flapMs(cadence) + 1), how)).toMatchObject([{ kind: 'opened' }])
    expect(rows()).toHaveLength(2)
  })

  it('opens no more than are kept, ends none of those for that, and prefers the first', () => {
    const { look, open } = store()
    const how = { cadence: 'minute', most: 2 } as const
    const titles = () =>
      open()
        .map(({ found }) => found.title)
        .sort()
    look([index('a'), index('b'), index('c')], START, how)
    look([index('c'), index('b'), index('a')], later(60_000), how)
    expect(titles()).toEqual(['a', 'b'])
    look([index('c'), index('b')], later(120_000), how)
    expect(titles()).toEqual(['b', 'c'])
  })

  const names = fc.subarray(['a', 'b', 'c'])
  const looks = fc.array(
    fc.record({ ms: fc.integer({ min: 1, max: 400_000 }), seen: fc.option(names), severity: fc.constantFrom('info', 'warn', 'bad') }),
    {
      maxLength: 40,
    },
  )

  it('has open what the last look that could look saw, once each, whatever came before', () => {
    fc.assert(
      fc.property(looks, (steps) => {
        const { look, open } = store()
        let at = 0
        let last: string[] = []
        for (const { ms, seen, severity } of steps) {
          at += ms
          look(seen?.map((name) => index(name, severity as Finding['severity'])) ?? null, later(at))
          last = seen ?? last
          expect(
            open()
              .map(({ found }) => found.title)
              .sort(),
          ).toEqual([...last].sort())
        }
      }),
    )
  })

  it('never has two of a subject whose ends are nearer than what counts as flapping', () => {
    fc.assert(
      fc.property(looks, (steps) => {
        const { look, rows } = store()
        let at = 0
        for (const { ms, seen } of steps) {
          at += ms
          look(seen?.map((name) => index(name)) ?? null, later(at))
        }
        for (const [, same] of Map.groupBy(rows(), ({ subject }) => subject))
          same.slice(1).forEach((row, n) => {
            const former = same[n]?.endedAt
            expect(former).toBeTruthy()
            expect(row.opened - (former?.getTime() ?? 0)).toBeGreaterThan(flapMs('minute'))
          })
      }),
    )
  })

  it('says the same of the same: a second look that sees what the first saw changes nothing', () => {
    fc.assert(
      fc.property(names, fc.integer({ min: 0, max: 1e9 }), (seen, ms) => {
        const { look } = store()
        look(
          seen.map((name) => index(name)),
          START,
        )
        expect(
          look(
            seen.map((name) => index(name)),
            later(ms),
          ),
        ).toEqual([])
      }),
    )
  })
})

it('is new for a day, and snoozed only until then', () => {
  const at = { openedAt: START, endedAt: null, acknowledgedAt: null, snoozedUntil: null }
  expect(stateOf(at, later(3_600_000))).toBe('new')
  expect(stateOf(at, later(86_400_000))).toBe('open')
  expect(stateOf({ ...at, acknowledgedAt: START }, later(1))).toBe('acknowledged')
  const snoozed = { ...at, acknowledgedAt: START, snoozedUntil: later(1000) }
  expect([stateOf(snoozed, later(999)), stateOf(snoozed, later(1000))]).toEqual(['snoozed', 'acknowledged'])
  expect(stateOf({ ...snoozed, endedAt: START }, START)).toBe('ended')
})
