import { describe, expect, it } from 'vitest'
import { tunedSetting as of } from '@/test/support/tuned-setting'
import { configurationEvidence, configurationTitle, profileWords, unsaved } from './configuration-messages'

describe("the configuration page's sentences", () => {
  it('say how many settings do not fit, and what needs a restart', () => {
    const kept = of('jit', { changes: false })
    expect(configurationTitle([kept])).toBe('All settings match the recommendation.')
    expect(configurationTitle([of('work_mem'), kept])).toBe('1 setting differs from the recommendation.')
    expect(configurationTitle([of('work_mem'), of('shared_buffers', { takes: 'restart' }), kept])).toBe(
      '2 settings differ from the recommendation. 1 needs a restart.',
    )
    expect(configurationTitle([of('max_connections', { changes: false, pendingRestart: true })])).toBe(
      'All settings match the recommendation. 1 already pending a restart.',
    )
  })

  it('say what applies at once, and what was measured', () => {
    const settings = [of('work_mem', { measured: true }), of('shared_buffers', { takes: 'restart' }), of('jit', { changes: false })]
    expect(configurationEvidence(settings)).toBe(
      '3 settings checked, within the bounds of this server. 1 applies without a restart. Measured, not calculated: work_mem.',
    )
  })
})

describe('the profile of a server', () => {
  const nothing = { ram: null, cpus: null, storage: null, workload: null, connections: null }
  const profile = { ram: 16 * 1024 ** 3, cpus: 8, storage: 'ssd', workload: 'web', connections: 100 } as const
  const saved = { profile, changedBy: 'ada@example.org', changedAt: '2026-11-23T14:00:00Z' }

  it('is unsaved in what the address says otherwise', () => {
    expect(unsaved(nothing, saved)).toEqual([])
    expect(unsaved({ ...nothing, ram: 16, storage: 'ssd' }, saved)).toEqual([])
    expect(unsaved({ ...nothing, ram: 32, storage: 'ssd', cpus: 4 }, saved)).toEqual(['ram', 'cpus'])
    expect(unsaved({ ...nothing, ram: 16 }, null)).toEqual(['ram'])
  })

  it('says whose it is', () => {
    expect(profileWords(nothing, null, '')).toContain('No profile saved')
    expect(profileWords(nothing, saved, '5 min ago')).toBe(
      'Profile of this server, shared by all users. Saved by ada@example.org, 5 min ago.',
    )
    expect(profileWords({ ...nothing, ram: 32 }, saved, '')).toMatch(/^RAM is not saved; the address/)
    expect(profileWords({ ...nothing, cpus: 2 }, null, '')).toMatch(/^CPUs are not saved/)
    expect(profileWords({ ...nothing, storage: 'hdd', workload: 'oltp', connections: 9 }, saved, '')).toMatch(
      /^Storage, workload and connections are not saved/,
    )
  })
})
