import { describe, expect, it } from 'vitest'
import type { EndedNight } from '../../checks/define-check'
import type { Target } from '../../server/target'
import { policyStopped } from './policy-stopped'

/** It asks the server for nothing. */
const target = { database: 'shop' } as Target
const night = (outcome: EndedNight['outcome']): EndedNight => ({
  policy: 'p',
  kind: 'rebuild-bloated',
  outcome,
  reason: 'Disk space: 1 GB is free',
  opensAt: '2026-11-28T02:00:00.000Z',
  endedAt: '2026-11-28T02:10:00.000Z',
  runs: 1,
})

describe('policy-stopped', () => {
  const look = async (nights: EndedNight[]) => {
    const asked: string[] = []
    const found = await policyStopped.look(target, {
      nights: async (database) => {
        asked.push(database)
        return nights
      },
    })
    expect(asked).toEqual(['shop'])
    return found.ok ? found.value : []
  }

  it.each(['stopped', 'failed', 'refused'] as const)('finds a night that was %s, with its reason', async (outcome) => {
    const [found, ...others] = await look([night(outcome)])
    expect(found).toMatchObject({ kind: 'server', name: 'p', severity: 'warn', since: '2026-11-28T02:10:00.000Z', fix: null })
    expect(found?.evidence).toContain('Disk space: 1 GB is free')
    expect(others).toEqual([])
  })

  it.each(['done', 'limit', 'time', 'cancelled', 'paused', 'changed', 'elsewhere'] as const)(
    'is silent of one that ended as %s',
    async (outcome) => {
      expect(await look([night(outcome)])).toEqual([])
    },
  )

  it('is silent without a console', async () => {
    expect(await policyStopped.look(target, {})).toEqual({ ok: true, value: [] })
  })
})
