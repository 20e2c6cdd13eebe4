import { describe, expect, it } from 'vitest'
import { checked } from '../../../test/support/test-check'
import { MAJORS } from '../../embedded/binaries'
import { defaultPartitionFilled } from './default-partition-filled'
import { partitionMissing } from './partition-missing'

/** Partitions of a table from so many steps ago to so many ahead, in steps that end at a whole day. */
const partitions = (table: string, step: string, from: number, to: number) => /* sql */ `do $$ begin for i in ${from}..${to - 1} loop
  execute format('create table %I partition of ${table} for values from (%L) to (%L)', '${table}_' || i + 100,
    date_trunc('day', now()) + i * interval '${step}', date_trunc('day', now()) + (i + 1) * interval '${step}'); end loop; end $$`

describe.each(MAJORS)('partitions on PostgreSQL %i', (major) => {
  it.each(['date', 'timestamp', 'timestamptz'])('finds that the next one is missing, of ranges of %s', (type) =>
    checked(major, partitionMissing, async ({ offend, one, none, connect }) => {
      await offend(`create table log (at ${type}, n int) partition by range (at)`, partitions('log', '1 day', -5, 0))
      expect(await one()).toMatchObject({ relname: 'log', severity: 'bad', sql: null, fix: null })
      const other = await connect()
      await other.query('begin; lock table log in access exclusive mode')
      expect(await one()).toMatchObject({ relname: 'log', severity: 'bad' })
      await other.query('rollback')
      await offend(partitions('log', '1 day', 0, 1))
      expect(await one()).toMatchObject({ relname: 'log', severity: 'warn' })
      await offend(partitions('log', '1 day', 1, 2))
      await none()
    }),
  )

  it('is silent about what is no rhythm, an archive, ranges within a range, and where a default takes the rows', () =>
    checked(major, partitionMissing, async ({ offend, one, none }) => {
      await offend('create table twice (at date) partition by range (at)', partitions('twice', '1 day', -2, 0))
      await offend('create table archive (at date) partition by range (at)', partitions('archive', '7 days', -9, -3))
      await offend(
        'create table numbers (n int) partition by range (n)',
        'create table numbers_1 partition of numbers for values from (0) to (9)',
      )
      await offend('create table open (at date) partition by range (at)', partitions('open', '1 day', -5, 0))
      await offend(
        `do $$ begin execute format('create table open_end partition of open for values from (%L) to (maxvalue)', now()::date); end $$`,
      )
      await none()
      await offend(
        'create table month (at date) partition by range (at)',
        partitions('month', '30 days', -4, -1),
        partitions('month', '30 days', 0, 1),
        `do $$ begin execute format('create table decade partition of month for values from (%L) to (%L) partition by range (at)',
           date_trunc('day', now()) - interval '30 days', date_trunc('day', now())); end $$`,
        partitions('decade', '10 days', -3, 0),
      )
      await none()
      await offend('create table log (at date) partition by range (at)', partitions('log', '1 day', -5, 0))
      expect(await one()).toMatchObject({ relname: 'log' })
      await offend('create table log_rest partition of log default')
      await none()
    }))

  it('finds rows in a default partition of ranges in time, until they are moved', () =>
    checked(major, defaultPartitionFilled, async ({ offend, one, none }) => {
      await offend(
        'create table log (at date) partition by range (at); create table "Rest" partition of log default',
        'create table kinds (k text) partition by list (k); create table kinds_rest partition of kinds default',
        `create table kinds_a partition of kinds for values in ('a')`,
        `insert into kinds values ('b'); analyze kinds_rest`,
        partitions('log', '1 day', -3, 2),
        'insert into log values (now())',
      )
      await none()
      await offend(`insert into log values ('2001-01-01')`, 'analyze "Rest"')
      expect(await one()).toMatchObject({ relname: 'Rest', severity: 'info', sql: null })
      await offend(
        'begin; alter table log detach partition "Rest"',
        `create table log_old partition of log for values from ('2001-01-01') to ('2001-02-01')`,
        'insert into log select * from "Rest"',
        'truncate "Rest"; alter table log attach partition "Rest" default; commit; analyze "Rest"',
      )
      await none()
    }))
})
