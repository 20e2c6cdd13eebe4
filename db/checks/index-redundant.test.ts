import { describe, expect, it } from 'vitest'
import { MAJORS } from '../embedded/binaries'
import { checked } from '../embedded/test-check'
import { indexRedundant } from './index-redundant'

describe.each(MAJORS)('index-redundant on PostgreSQL %i', (major) => {
  it('finds the prefix of another index, until it is dropped', () =>
    checked(major, indexRedundant, async ({ offend, mend, one, none }) => {
      await offend('create table t (a int, b int)', 'create index t_a on t (a)', 'create index t_ab on t (a, b)')
      expect(await one()).toMatchObject({ title: 'public.t_a is redundant: t_ab stays', trust: { kind: 'exact' } })
      await mend()
      await none()
    }))
})
