import { describe, expect, it } from 'vitest'
import { MAJORS } from '../embedded/binaries'
import { checked } from '../embedded/test-check'
import { foreignKeyWithoutIndex } from './foreign-key-without-index'

describe.each(MAJORS)('foreign-key-without-index on PostgreSQL %i', (major) => {
  it('finds the key whose columns no index serves, until there is one', () =>
    checked(major, foreignKeyWithoutIndex, async ({ offend, mend, one, none }) => {
      await offend(
        'create table parent (id int primary key)',
        'create table "the child" (id int primary key, p int constraint child_p references parent on delete cascade, q int references parent)',
        'create index child_q on "the child" (q) where q is not null',
        'create index "the child_p_idx" on "the child" (p) where id > 5',
      )
      expect(await one()).toMatchObject({
        title: 'Foreign key child_p of public."the child" has no index',
        sql: 'CREATE INDEX CONCURRENTLY "the child_p_idx1" ON public."the child" (p);',
        mend: { command: 'create-index', input: { definition: 'CREATE INDEX CONCURRENTLY "the child_p_idx1" ON public."the child" (p)' } },
        severity: 'info',
      })
      await mend()
      await none()
    }))

  it('asks for one index on a partitioned table, and none for its partitions', () =>
    checked(major, foreignKeyWithoutIndex, async ({ offend, mend, one, none }) => {
      await offend(
        'create table parent (id int primary key)',
        'create table part (id int, p int references parent) partition by range (id)',
        'create table part_1 partition of part for values from (0) to (10)',
      )
      expect(await one()).toMatchObject({ relname: 'part', sql: 'CREATE INDEX part_p_idx ON public.part (p);' })
      await mend()
      await none()
    }))

  it('proposes a name that PostgreSQL does not cut', () =>
    checked(major, foreignKeyWithoutIndex, async ({ offend, mend, one, none }) => {
      const long = 'ä'.repeat(31)
      await offend('create table parent (id int primary key)', `create table "${long}" (p int references parent)`)
      expect((await one()).sql).toContain(`"${'ä'.repeat(29)}_idx"`)
      await mend()
      await none()
    }))
})
