import { describe, expect, it } from 'vitest'
import { MAJORS } from '../embedded/binaries'
import { checked } from '../embedded/test-check'
import { indexUnused, unusedAfter } from './index-unused'

describe.each(MAJORS)('index-unused on PostgreSQL %i', (major) => {
  const offenders = ['create table t (id int primary key, a int)', 'create index t_a on t (a)', 'create unique index t_id on t (id, a)']

  it('finds the index that nothing scans and that enforces nothing, until it is dropped', () =>
    checked(major, unusedAfter(0), async ({ offend, mend, one, none }) => {
      await offend(...offenders)
      expect(await one()).toMatchObject({ title: 'public.t_a is not used', sql: 'DROP INDEX CONCURRENTLY public.t_a;' })
      await mend()
      await none()
    }))

  it('finds none while the statistics are younger than a week', () =>
    checked(major, indexUnused, async ({ offend, none }) => {
      await offend(...offenders)
      await none()
    }))
})
