import { describe, expect, it } from 'vitest'
import { testDatabase } from '../../../test/support/test-database'
import { MAJORS } from '../../embedded/binaries'
import { forgetReads, runRead } from '../../server/run-read'
import { attachableTables } from './attachable-tables'

describe.each(MAJORS)('tables that could become a partition on PostgreSQL %i', (major) => {
  it('have its columns by name and type, in any order, and belong to nobody else', async () => {
    const db = await testDatabase(major)
    const look = async (parent: string) => {
      forgetReads()
      const { rows } = await db.client.query('select $1::regclass::oid::int as relid', [parent])
      const read = await runRead(db.target, attachableTables, { relid: rows[0].relid })
      if (!read.ok) throw new Error(read.problem.message)
      return read.value
    }
    try {
      await db.client.query(`
        create table "The log" (at date not null, n int) partition by range (at);
        create table log_1 partition of "The log" for values from ('2026-01-01') to ('2026-02-01');
        create table log_rest partition of "The log" default;
        create table fits (n int, gone int, at date not null);
        alter table fits drop column gone;
        create table may_be_null (at date, n int);
        create table other_type (at date not null, n bigint);
        create table one_more (at date not null, n int, x int);
        create table heir () inherits (fits);
        create table alone (at date not null, n int)`)
      expect((await look('"The log"')).map(({ relname }) => relname)).toEqual(['alone'])
      await db.client.query('drop table heir')
      expect(await look('"The log"')).toMatchObject([
        { relname: 'alone', key: 'RANGE (at)', last_bound: `FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')` },
        { relname: 'fits' },
      ])
      expect(await look('alone')).toEqual([])
      await db.client.query(`alter table "The log" attach partition fits for values from ('2026-02-01') to ('2026-03-01')`)
      expect((await look('"The log"')).map(({ relname }) => relname)).toEqual(['alone'])
    } finally {
      await db.drop()
    }
  })
})
