import { describe, expect, it } from 'vitest'
import { checked } from '../../../test/support/test-check'
import { testDatabase } from '../../../test/support/test-database'
import { MAJORS } from '../../embedded/binaries'
import { forgetReads } from '../../server/run-read'
import { tableUncounted } from '../../tables/checks/table-uncounted'
import { statisticsYoungerThan } from './statistics-young'

describe.each(MAJORS)('checks on statistics on PostgreSQL %i', (major) => {
  it('finds a table that was never analyzed and that autovacuum leaves alone', () =>
    checked(major, tableUncounted, async ({ one, none, fix, connect }) => {
      const client = await connect() // its counters are reported when it ends
      await client.query('create table "My t" with (autovacuum_enabled = off) as select n from generate_series(1, 5000) n')
      await client.end()
      expect(await one()).toMatchObject({ relname: 'My t', sql: 'ANALYZE public."My t";', fix: { command: 'analyze-table' } })
      await fix()
      await none()
    }))

  it('finds a table whose counters were lost; not while autovacuum would come', () =>
    checked(major, tableUncounted, async ({ offend, one, none, fix, connect }) => {
      const client = await connect()
      await client.query('create table t as select n, repeat($q$x$q$, 1000) as filler from generate_series(1, 10000) n')
      await client.end()
      const modified = () =>
        offend(`do $$ begin assert pg_stat_get_mod_since_analyze('t'::regclass) = 10000; end $$`).then(() => 'counted', String)
      await expect.poll(modified).toBe('counted')
      await none() // autovacuum's turn
      await offend('select pg_stat_reset()')
      expect(await one()).toMatchObject({ relname: 't', severity: 'warn', fix: { command: 'analyze-table' } })
      await fix()
      await none()
    }))

  it('finds statistics that are young, by the age that is asked for', async () => {
    const db = await testDatabase(major)
    try {
      await db.client.query('select pg_stat_reset()')
      const look = async (seconds: number) => {
        forgetReads()
        const found = await statisticsYoungerThan(seconds).look(db.target)
        if (!found.ok) throw new Error(found.problem.message)
        return found.value
      }
      await expect.poll(async () => (await look(3_600))[0]?.evidence).toContain('They were reset then.')
      expect(await look(3_600)).toMatchObject([{ kind: 'server', severity: 'info', title: expect.stringMatching(/cover only \d+ s$/) }])
      expect(await look(0)).toEqual([])
    } finally {
      await db.drop()
    }
  })
})
