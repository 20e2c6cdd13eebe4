import type { Client } from 'pg'
import { describe, expect, it } from 'vitest'
import { checked } from '../../../test/support/test-check'
import type { Past } from '../../checks/define-check'
import { MAJORS } from '../../embedded/binaries'
import { type IndexPast, UNWATCHED } from '../index-past'
import { indexUnused } from './index-unused'

const knowing = (past: Partial<IndexPast>): Past => ({ indexes: async () => ({ ...UNWATCHED, ...past }) })
const LONG_AGO = '2020-01-01T00:00:00.000Z'

describe.each(MAJORS)('index-unused on PostgreSQL %i', (major) => {
  const table = 'create table t (id int primary key, a int)'
  const indexes = ['create index t_a on t (a)', 'create unique index t_id on t (id, a)']
  /** More reads of the table than the builds of three indexes can be; they are counted when the session ends. */
  const read = async (client: Client) => {
    for (let times = 0; times < 10; times += 1) await client.query('select count(*) from t')
    await client.end()
  }

  it('finds the index that nothing scans and that enforces nothing, until it is dropped', () =>
    checked(
      major,
      indexUnused,
      async ({ offend, fix, one, none, connect }) => {
        await offend(table, ...indexes)
        await read(await connect())
        expect(await one()).toMatchObject({ title: 'public.t_a is not used', sql: 'DROP INDEX CONCURRENTLY public.t_a;' })
        await fix()
        await none()
      },
      knowing({ unusedAfter: 0, vouched: LONG_AGO }),
    ))

  it.each([
    ['nobody has vouched for its age, or watched it', knowing({ unusedAfter: 0 }), true],
    ['the statistics are too young', knowing({ vouched: LONG_AGO }), true],
    ['nothing reads its table', knowing({ unusedAfter: 0, vouched: LONG_AGO }), false],
  ])('finds none where %s', (_case, past, isRead) =>
    checked(
      major,
      indexUnused,
      async ({ offend, none, connect }) => {
        await offend(table, ...indexes)
        if (isRead) await read(await connect())
        await none()
      },
      past,
    ),
  )
})
