import { describe, expect, it } from 'vitest'
import { checked } from '../../../test/support/test-check'
import { MAJORS } from '../../embedded/binaries'
import { indexLeftover } from './index-leftover'

describe.each(MAJORS)('index-leftover on PostgreSQL %i', (major) => {
  it('finds what a cancelled REINDEX CONCURRENTLY left, until it is dropped', () =>
    checked(major, indexLeftover, async ({ offend, fix, one, none, connect }) => {
      await offend('create table t (a int)', 'create index t_a on t (a)', 'insert into t values (1)')
      const holder = await connect()
      await holder.query('begin isolation level repeatable read; select * from t')
      const rebuilder = await connect()
      await rebuilder.query("set statement_timeout = '1s'")
      await expect(rebuilder.query('reindex index concurrently t_a')).rejects.toThrow(/statement timeout/)
      await holder.query('rollback')
      expect(await one()).toMatchObject({ relname: 't_a_ccnew', severity: 'bad', fix: { command: 'drop-leftover-index' } })
      await fix()
      await none()
    }))
})
