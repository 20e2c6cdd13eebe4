import { describe, expect, it } from 'vitest'
import { checked } from '../../../test/support/test-check'
import { MAJORS } from '../../embedded/binaries'
import { indexRedundant } from './index-redundant'

describe.each(MAJORS)('index-redundant on PostgreSQL %i', (major) => {
  it('finds the prefix of another index, until it is dropped', () =>
    checked(major, indexRedundant, async ({ offend, fix, one, none }) => {
      await offend('create table t (a int, b int)', 'create index t_a on t (a)', 'create index t_ab on t (a, b)')
      expect(await one()).toMatchObject({ title: 'public.t_a is redundant: t_ab stays', trust: { kind: 'exact' } })
      await fix()
      await none()
    }))

  it('finds one of two copies, until it is dropped', () =>
    checked(major, indexRedundant, async ({ offend, fix, one, none }) => {
      await offend('create table t (a int)', 'create index t_a on t (a)', 'create index t_a_again on t (a)')
      expect(await one()).toMatchObject({
        title: 'public.t_a_again is redundant: t_a stays',
        evidence: expect.stringContaining('key for key'),
        trust: { kind: 'exact' },
      })
      await fix()
      await none()
    }))

  it('finds a mirrored one with less certainty, and proposes nothing', () =>
    checked(major, indexRedundant, async ({ offend, one, none }) => {
      await offend('create table t (a int, b int)', 'create index t_a on t (a desc)', 'create index t_ab on t (a, b)')
      expect(await one()).toMatchObject({
        title: 'public.t_a may be redundant: t_ab could serve its queries',
        severity: 'info',
        trust: { kind: 'withheld', reason: expect.stringContaining('scanned backwards') },
        sql: null,
      })
      await offend('drop index t_ab')
      await none()
    }))

  it('finds the copy of a primary key, which stays', () =>
    checked(major, indexRedundant, async ({ offend, fix, one, none }) => {
      await offend('create table t (id int primary key)', 'create unique index a_copy on t (id)')
      expect(await one()).toMatchObject({ title: 'public.a_copy is redundant: t_pkey stays' })
      await fix()
      await none()
    }))
})
