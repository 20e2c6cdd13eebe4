import { describe, expect, it } from 'vitest'
import { checked } from '../../../test/support/test-check'
import { MAJORS } from '../../embedded/binaries'
import { indexInvalid } from './index-invalid'

describe.each(MAJORS)('index-invalid on PostgreSQL %i', (major) => {
  it('finds what a failed unique build left, until the rows are put right and it is rebuilt', () =>
    checked(major, indexInvalid, async ({ offend, fix, one, none }) => {
      await offend('create table t (a int)', 'insert into t values (1), (1)')
      await expect(offend('create unique index concurrently t_a on t (a)')).rejects.toThrow(/could not create unique index/)
      expect(await one()).toMatchObject({ title: 'public.t_a is invalid', severity: 'bad', fix: { command: 'reindex-index' } })
      await offend('delete from t where ctid = (select min(ctid) from t)')
      await fix()
      await none()
    }))
})
