import { describe, expect, it } from 'vitest'
import { orThrow } from '../../../test/support/or-throw'
import { checked } from '../../../test/support/test-check'
import { MAJORS } from '../../embedded/binaries'
import { runRead } from '../../server/run-read'
import { listTables } from '../list-tables'
import { tableBloatEstimate } from '../reads/table-bloat-estimate'
import { catalogsBloated, tableBloated } from './table-bloated'

describe.each(MAJORS)('table-bloated on PostgreSQL %i', (major) => {
  it('finds the TOAST table whose values were deleted, until the table is rewritten', () =>
    checked(major, tableBloated, async ({ offend, fix, one, none }) => {
      await offend(
        'create table doc (id int primary key, body text) with (autovacuum_enabled = off, toast.autovacuum_enabled = off); alter table doc alter body set storage external',
        'insert into doc select g, repeat(md5(g::text), 300) from generate_series(1, 2000) g',
        'delete from doc where id % 10 <> 0',
        'vacuum analyze doc',
      )
      expect(await one()).toMatchObject({
        title: expect.stringMatching(/^The TOAST table of public\.doc \(pg_toast_\d+\) is bloated$/),
        relname: 'doc',
        fix: { command: 'vacuum-table', input: { full: true } },
        sql: 'VACUUM (FULL) public.doc;',
      })
      await fix()
      await offend('vacuum analyze doc')
      await none()
    }))

  it('finds a catalog that temporary tables have blown up', () =>
    checked(major, tableBloated, async ({ offend, one, fix, none, target }) => {
      const columns = Array.from({ length: 60 }, (_, at) => `c${at} int`).join(', ')
      await offend(
        // each in a transaction of its own: 200 at once would need as many locks
        `do $$ begin for i in 1..400 loop execute 'create temp table x' || i || ' (${columns})'; execute 'drop table x' || i; commit; end loop; end $$`,
        'create table last (id int)', // its columns keep VACUUM from giving the end of the file back
      )
      expect(await one()).toMatchObject({
        title: 'pg_catalog.pg_attribute is bloated',
        fix: null,
        sql: 'VACUUM (FULL) pg_catalog.pg_attribute;',
      })
      const [row] = orThrow(await runRead(target, tableBloatEstimate, {})).filter(({ relname }) => relname === 'pg_attribute')
      if (!row) throw new Error('No estimate of pg_attribute')
      expect(row).toMatchObject({ relisshared: false, in_recovery: false })
      expect(catalogsBloated([{ ...row, in_recovery: true }])).toMatchObject([{ sql: null, fix: null }])
      const [own] = catalogsBloated([row])
      const [shared] = catalogsBloated([{ ...row, relisshared: true }])
      expect(shared?.evidence).not.toBe(own?.evidence)
      const list = await listTables(target, {})
      expect(list).toMatchObject({ ok: true, value: { summary: { catalogs: [{ title: 'pg_catalog.pg_attribute is bloated' }] } } })
      await fix()
      await offend('vacuum analyze pg_attribute')
      await none()
    }))
})
