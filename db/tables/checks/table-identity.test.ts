import { describe, expect, it } from 'vitest'
import { checked } from '../../../test/support/test-check'
import { MAJORS } from '../../embedded/binaries'
import { primaryKeyMissing } from './primary-key-missing'
import { replicaIdentityMissing } from './replica-identity-missing'
import { unloggedTable } from './unlogged-table'

describe.each(MAJORS)('what names the rows of a table, on PostgreSQL %i', (major) => {
  it('finds a table without primary key; neither a small nor an unlogged one, nor one whose unique index could be it', () =>
    checked(major, primaryKeyMissing, async ({ offend, one, none }) => {
      await offend(
        'create table small (n int); insert into small select generate_series(1, 999); analyze small',
        'create unlogged table staging as select generate_series(1, 5000) as n; analyze staging',
        'create table named (n int not null unique); insert into named select generate_series(1, 5000); analyze named',
        'create table parted (n int) partition by range (n); create table parted_1 partition of parted for values from (0) to (9000)',
      )
      await none()
      await offend('insert into parted select generate_series(1, 5000); analyze parted_1')
      expect(await one()).toMatchObject({ relname: 'parted', severity: 'info', sql: null })
      await offend(
        'drop table parted',
        'create table "Log" (n int unique); insert into "Log" select generate_series(1, 1000); analyze "Log"',
      )
      expect(await one()).toMatchObject({ relname: 'Log' })
      await offend('alter table "Log" add primary key (n)')
      await none()
    }))

  it('finds a table whose UPDATEs are published and fail', () =>
    checked(major, replicaIdentityMissing, async ({ offend, one, fix, none }) => {
      await offend(
        'create table "The rows" (n int not null); insert into "The rows" values (1)',
        'create table kept (n int primary key)',
        'create table parted (n int) partition by range (n); create table parted_1 partition of parted for values from (0) to (9)',
        `create publication added for table "The rows", parted with (publish = 'insert')`,
        'create publication keyed for table kept',
      )
      await none()
      await offend('create publication "all" for table "The rows"', 'create unique index named on "The rows" (n)')
      const update = () => offend('update "The rows" set n = n + 1')
      await expect(update()).rejects.toMatchObject({ code: '55000' })
      expect(await one()).toMatchObject({
        relname: 'The rows',
        severity: 'bad',
        sql: 'ALTER TABLE public."The rows" REPLICA IDENTITY USING INDEX named;',
      })
      await fix()
      await update()
      await none()
      await offend('alter publication "all" set (publish_via_partition_root = true)', 'alter publication "all" add table parted')
      expect(await one()).toMatchObject({ relname: 'parted', sql: null })
      await offend('alter table parted_1 replica identity full')
      await none()
    }))

  it('is silent about unlogged tables where there is no standby', () =>
    checked(major, unloggedTable, async ({ offend, none }) => {
      await offend('create unlogged table gone as select 1 as n; analyze gone')
      await none()
    }))
})
