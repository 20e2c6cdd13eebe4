import { describe, expect, it } from 'vitest'
import { checked } from '../../../test/support/test-check'
import { MAJORS } from '../../embedded/binaries'
import { indexBloated } from './index-bloated'

describe.each(MAJORS)('index-bloated on PostgreSQL %i', (major) => {
  it('finds the index of a table that lost most of its rows, until it is rebuilt', () =>
    checked(major, indexBloated, async ({ offend, fix, one, none }) => {
      await offend(
        'create table t (id int, note text); create index "t id" on t (id); insert into t select n, $$x$$ from generate_series(1, 200000) n',
        'delete from t where id % 10 > 0',
        'select pg_sleep(1.1)', // until the counters of the delete have arrived, ANALYZE would be held for stale
        'vacuum analyze t',
      )
      expect(await one()).toMatchObject({ title: 'public."t id" is bloated', severity: 'warn', fix: { command: 'reindex-index' } })
      await fix()
      await none()
    }))

  it('finds nothing in a fresh index on the few rows whose key is not NULL', () =>
    checked(major, indexBloated, async ({ offend, none }) => {
      await offend(
        "create table big (id int, u text); insert into big select g, case when g % 10 = 0 then 'user' || g end from generate_series(1, 500000) g",
        'create index big_u on big (u) where u is not null',
        'select pg_sleep(1.1)',
        'vacuum analyze big',
      )
      await none()
    }))
})
