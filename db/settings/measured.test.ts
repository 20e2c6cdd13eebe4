import { beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../../test/support/test-database'
import type { Profile } from '../domain/server-profile'
import { GB, MB } from '../domain/setting-units'
import { runRead } from '../server/run-read'
import { formatFact, type Measured, type Window } from './measured'
import { settings } from './reads/settings'
import { ALSO_READ, type Recommendation, recommend } from './recommend'
import { PARAMETER_NAMES } from './registry'
import { type ServerSetting, settingOf } from './server-setting'

const HOUR = 3_600
const DAY = 24 * HOUR
const NOW = Date.UTC(2026, 10, 23, 12)

const over = (seconds: number, more: Partial<Window> = {}): Window => ({
  from: NOW - seconds * 1000,
  to: NOW,
  seconds,
  samples: seconds / 10,
  ...more,
})
const PROFILE: Profile = { ram: 16 * GB, cpus: 4, storage: 'ssd', workload: 'oltp', connections: 200 }

describe('what was measured', () => {
  let rows: ServerSetting[]
  beforeAll(async () => {
    const db = await testDatabase(18)
    const read = await runRead(db.target, settings, { names: [...PARAMETER_NAMES, ...ALSO_READ] })
    await db.drop()
    if (!read.ok) throw new Error(read.problem.message)
    rows = read.value
  })
  const advice = (name: string, measured: Measured, now: Record<string, string> = {}): Recommendation => {
    const set = rows.map((row) => ({ ...row, setting: settingOf(now[row.name] ?? '', row) ?? row.setting }))
    const found = recommend(set, 18, PROFILE, measured).recommendations.find((one) => one.name === name)
    if (!found) throw new Error(`No ${name}`)
    return found
  }

  it('says its number, its range, its samples, and how sure it is', () => {
    expect(formatFact(over(3 * DAY), '12 files')).toBe(
      'Measured: 12 files, 20 Nov 2026 12:00 UTC to 23 Nov 2026 12:00 UTC, 25,920 samples over 3 days. Fairly sure: less than a week.',
    )
    expect(formatFact(over(9 * DAY, { since: 'work_mem' }), '12 files')).toBe(
      'Measured: 12 files, 14 Nov 2026 12:00 UTC to 23 Nov 2026 12:00 UTC since work_mem was changed, 77,760 samples over 9 days. Sure: a week or more.',
    )
    expect(formatFact(over(5 * HOUR), '12 files')).toBe('Seen for 5 h: 12 files. It takes a day to overrule the formula.')
  })

  describe('of temporary files', () => {
    const spills = (files: number, bytes: number, window: Window, blocks?: number): Measured => ({
      spills: { files, bytes, window, statements: blocks === undefined ? null : { statements: 3, calls: 200, blocks } },
    })

    it('overrules nothing while the history is short', () => {
      const formula = advice('work_mem', {})
      expect(formula).toMatchObject({ measured: false, evidence: null })
      expect(advice('work_mem', spills(90_000, 90 * GB, over(DAY - 1)))).toMatchObject({
        recommended: formula.recommended,
        measured: false,
        evidence: expect.stringMatching(/^Seen for 23 h: 90,000 temporary files of 90 GB in all\./),
      })
    })

    it('keeps work_mem where there are hardly any', () => {
      expect(advice('work_mem', spills(0, 0, over(DAY)))).toMatchObject({ recommended: '4MB', changes: false, measured: true })
      expect(advice('work_mem', spills(23, 23 * MB, over(DAY)))).toMatchObject({ recommended: '4MB', measured: true })
    })

    it('gives twice what spills', () => {
      expect(advice('work_mem', spills(500, 500 * 4 * MB, over(2 * DAY)))).toMatchObject({
        recommended: '9MB',
        measured: true,
        evidence: expect.stringContaining('500 temporary files of 2 GB in all, 21 Nov 2026'),
      })
      // A hash of 5 MB in batches of 100 kB.
      const hashes = advice('work_mem', spills(5_000, 500 * MB, over(2 * DAY), (5 * MB) / 8192))
      expect(hashes).toMatchObject({ recommended: '11MB', measured: true })
      expect(hashes.evidence).toContain('nine of ten of the 200 calls that spilled wrote at most 5 MB')
    })

    it('gives no more than fits', () => {
      const formula = advice('work_mem', {})
      expect(advice('work_mem', spills(500, 500 * GB, over(2 * DAY)))).toMatchObject({
        recommended: formula.recommended,
        measured: false,
        why: expect.stringContaining('does not fit'),
      })
    })
  })

  describe('of checkpoints', () => {
    const checkpoints = (timed: number, requested: number, walBytes: number, window = over(DAY)): Measured => ({
      checkpoints: { timed, requested, walBytes, window },
    })

    it('overrules nothing while the history is short', () => {
      const formula = advice('max_wal_size', {}, { max_wal_size: '6GB' })
      expect(formula.recommended).toBe('8GB')
      const short = advice('max_wal_size', checkpoints(10, 90, 9_000 * GB, over(DAY - 1)), { max_wal_size: '6GB' })
      expect(short).toMatchObject({ recommended: '8GB', measured: false })
      expect(short.evidence).toMatch(/^Seen for 23 h/)
    })

    it('doubles max_wal_size where WAL forces them, and min_wal_size with it', () => {
      const forced = checkpoints(100, 50, 400 * GB)
      expect(advice('max_wal_size', forced, { max_wal_size: '6GB' })).toMatchObject({
        recommended: '12GB',
        measured: true,
        evidence: expect.stringContaining('50 of 150 checkpoints were forced by 400 GB of WAL'),
      })
      expect(advice('min_wal_size', forced, { max_wal_size: '6GB' })).toMatchObject({ recommended: '3GB', measured: true })
    })

    it('tells those that WAL forced from those that somebody asked for', () => {
      const asked = advice('max_wal_size', checkpoints(100, 50, 6 * GB), { max_wal_size: '6GB' })
      expect(asked).toMatchObject({ recommended: '6GB', changes: false, measured: true })
      expect(asked.evidence).toContain('1 of 150 checkpoints were forced by 6 GB of WAL, 49 asked for by CHECKPOINT, a backup or the like')
    })

    it('keeps max_wal_size where it is enough', () => {
      expect(advice('max_wal_size', checkpoints(288, 0, 9 * GB), { max_wal_size: '2GB' })).toMatchObject({
        recommended: '2GB',
        measured: true,
      })
    })
  })

  describe('of the backlog of autovacuum', () => {
    const backlog = (mean: number, window = over(2 * DAY)): Measured => ({ backlog: { mean, most: 12, deadRows: 4e6, window } })
    const NAMES = ['autovacuum_max_workers', 'autovacuum_vacuum_cost_limit', 'autovacuum_vacuum_scale_factor']
    const all = (measured: Measured) => NAMES.map((name) => advice(name, measured).recommended)

    it('overrules nothing while the history is short, or while the workers keep up', () => {
      expect(all({})).toEqual(['3', '800', '0.1'])
      expect(all(backlog(9, over(DAY - 1)))).toEqual(all({}))
      expect(all(backlog(5))).toEqual(all({}))
      expect(advice('autovacuum_max_workers', backlog(5)).evidence).toContain('5 tables waited for autovacuum on average')
    })

    it('gives autovacuum more where tables wait', () => {
      expect(all(backlog(5.1))).toEqual(['5', '1600', '0.05'])
      for (const name of NAMES)
        expect(advice(name, backlog(9)), name).toMatchObject({
          measured: true,
          evidence: expect.stringContaining('9 tables waited for autovacuum on average, at most 12 with 4,000,000 dead rows'),
        })
    })
  })

  it('of sessions raises max_connections as soon as they were seen', () => {
    const peak = (connections: number, window: Window): Measured => ({ peak: { connections, window } })
    expect(advice('max_connections', peak(250, over(HOUR)))).toMatchObject({ recommended: '253', measured: true })
    expect(advice('max_connections', peak(90, over(DAY)))).toMatchObject({
      recommended: '200',
      measured: false,
      evidence: expect.stringContaining('at most 90 sessions at once'),
    })
  })
})
