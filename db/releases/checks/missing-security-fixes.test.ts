import { describe, expect, it } from 'vitest'
import { testDatabase } from '../../../test/support/test-database'
import { MAJORS } from '../../embedded/binaries'
import { END_OF_LIFE, KNOWN_UNTIL, SECURITY_RELEASES } from '../security-fixes'
import { missingSecurityFixesOn, openFaults } from './missing-security-fixes'

const THEN = new Date('2026-09-01')

describe('openFaults', () => {
  it.each([
    [180_004, 28, '18.6'],
    [180_005, 28, '18.6'], // 18.5 was never released
    [180_003, 28 + 11, '18.6'],
    [170_010, 25, '17.11'],
    [160_014, 25, '16.15'],
    [150_018, 24, '15.19'],
    [140_023, 24, '14.24'],
    [140_022, 24 + 8, '14.24'],
  ])('counts what was fixed after %i', (versionNum, count, release) => {
    const open = openFaults(versionNum, THEN)
    expect(new Set(open.faults).size).toBe(count)
    expect(open.faults).toHaveLength(count)
    expect(open).toMatchObject({ fixedBy: { release, date: '2026-08-13' }, ended: null })
  })

  it.each([180_006, 180_007, 170_011, 160_015, 150_019, 140_024, 190_000, 200_001])('says nothing of %i', (versionNum) => {
    expect(openFaults(versionNum, THEN)).toEqual({ faults: [], fixedBy: null, ended: null })
  })

  it('knows which majors had a fault', () => {
    const has = (versionNum: number, fault: string) => openFaults(versionNum, THEN).faults.includes(fault)
    expect([180_004, 170_010, 160_014, 150_018, 140_023].map((at) => has(at, 'CVE-2026-14673'))).toEqual([true, false, true, true, true])
    expect([150_003, 140_008].map((at) => has(at, 'CVE-2023-39418'))).toEqual([true, false])
    expect(openFaults(140_000, THEN).faults.at(-1)).toBe('CVE-2021-23222')
  })

  it('says since when a newer release was there', () => {
    expect(openFaults(180_002, THEN).fixedBy).toEqual({ release: '18.6', date: '2026-08-13', since: '2026-05-14' })
  })

  it('tells the end of a major from its day on', () => {
    expect(openFaults(140_024, new Date('2026-11-11')).ended).toBeNull()
    expect(openFaults(140_024, new Date('2026-11-12')).ended).toBe('2026-11-12')
    expect(openFaults(180_006, new Date('2026-11-12')).ended).toBeNull()
  })
})

it('is kept in order: newest first, each fault once, each minor of a major below the one before', () => {
  const dates = SECURITY_RELEASES.map(({ date }) => date)
  expect(dates).toEqual([...dates].sort().reverse())
  expect(dates[0]).toBe(KNOWN_UNTIL)
  const faults = SECURITY_RELEASES.flatMap(({ all, some = {} }) => [...all, ...Object.keys(some)])
  expect(new Set(faults).size).toBe(faults.length)
  for (const fault of faults) expect(fault).toMatch(/^20\d\d-\d{4,5}$/)
  for (const major of Object.keys(END_OF_LIFE).map(Number)) {
    const minors = SECURITY_RELEASES.flatMap(({ minors }) => minors[major] ?? [])
    expect(minors).toEqual([...new Set(minors)].sort((a, b) => b - a))
  }
  for (const { minors, some = {} } of SECURITY_RELEASES) {
    for (const majors of Object.values(some)) for (const major of majors) expect(minors).toHaveProperty(String(major))
  }
})

describe.each(MAJORS)('missing-security-fixes on PostgreSQL %i', (major) => {
  it('names what the server lacks, and that its major has ended once it has', async () => {
    const db = await testDatabase(major)
    try {
      const look = async (day: string) => {
        const found = await missingSecurityFixesOn(() => new Date(day)).look(db.target)
        if (!found.ok) throw new Error(found.problem.message)
        return found.value
      }
      const { rows } = await db.client.query(`select current_setting('server_version_num')::int as num`)
      const { faults, fixedBy } = openFaults(rows[0].num, THEN)
      const release = `${major}.${rows[0].num % 10_000}`
      const lacking = faults.length === 0 ? [] : [{ kind: 'server', name: release, severity: 'warn', since: fixedBy?.since }]
      const before = await look('2026-09-01')
      expect(before).toMatchObject(lacking)
      if (faults.length > 0) expect(before[0]?.title).toBe(`PostgreSQL ${release} lacks the fixes for ${faults.length} known faults`)
      const end = END_OF_LIFE[major] ?? ''
      expect(await look(end)).toMatchObject([...lacking, { name: String(major), since: end }])
    } finally {
      await db.drop()
    }
  })
})
