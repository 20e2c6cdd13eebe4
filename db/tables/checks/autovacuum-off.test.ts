import { describe, expect, it } from 'vitest'
import { checked } from '../../../test/support/test-check'
import { MAJORS } from '../../embedded/binaries'
import { autovacuumOff } from './autovacuum-off'

// That it is off for the whole server: db/settings/checks/settings-checks.test.ts.
describe.each(MAJORS)('autovacuum-off for a table, on PostgreSQL %i', (major) => {
  it('finds a table that changes; not while it does not, or while a job keeps it in order', () =>
    checked(major, autovacuumOff, async ({ offend, one, fix, none, connect }) => {
      const changed = (rows: number) =>
        offend(`do $$ begin assert pg_stat_get_mod_since_analyze('"The course"'::regclass) >= ${rows}; end $$`).then(
          () => 'counted',
          String,
        )
      /** In a session of its own, whose counters are reported when it ends. */
      const change = async (sql: string) => {
        const client = await connect()
        await client.query(sql)
        await client.end()
      }
      await offend('create table "The course" (id int primary key) with (autovacuum_enabled = off)')
      await change('insert into "The course" select generate_series(1, 900)')
      await expect.poll(() => changed(900)).toBe('counted')
      await none() // so few rows nobody misses
      await change('insert into "The course" select generate_series(1001, 4000)')
      await expect.poll(() => changed(3900)).toBe('counted')
      expect(await one()).toMatchObject({
        relname: 'The course',
        severity: 'warn',
        fix: { command: 'set-table-options', input: { reset: ['autovacuum_enabled'] } },
      })
      await offend('vacuum analyze "The course"') // as a job does
      await expect.poll(() => none().then(() => 'none', String)).toBe('none')
      await change('update "The course" set id = id + 10000')
      await expect.poll(() => changed(3900)).toBe('counted')
      expect(await one()).toMatchObject({ evidence: expect.stringContaining('3,900 dead rows') })
      await fix()
      await none()
    }))
})
