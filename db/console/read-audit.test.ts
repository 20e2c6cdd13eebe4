import { beforeAll, expect, it } from 'vitest'
import { consoleForTests } from '../../test/support/test-console'
import { writeAudit } from './audit'
import { auditChoices, auditFilter, countAudit, readAudit } from './read-audit'
import { PROCTOR } from './roles'

consoleForTests()
beforeAll(async () => {
  for (let at = 1; at <= 5; at++) {
    await writeAudit({
      by: { email: 'ada@example.org', from: null },
      action: 'run.confirmed',
      detail: { statements: [`VACUUM public.t${at}`] },
    })
  }
  await writeAudit({ by: PROCTOR, action: 'run.succeeded', detail: { note: '100% done' } })
})

const search = (filter: Record<string, string>) => readAudit(auditFilter.parse(filter), 100)

it('pages by key, newest first', async () => {
  const first = await readAudit({}, 4)
  const second = await readAudit({}, 4, first.at(-1)?.id)
  expect([...first, ...second].map(({ id }) => id)).toEqual(['6', '5', '4', '3', '2', '1'])
  expect(second.at(-1)?.statements).toEqual(['VACUUM public.t1'])
})

it('filters by who, what, day and words', async () => {
  expect(await search({ actor: 'proctor' })).toHaveLength(1)
  expect(await search({ action: 'run.confirmed' })).toHaveLength(5)
  expect(await search({ search: 'PUBLIC.T3' })).toHaveLength(1)
  expect(await search({ search: '0%' })).toHaveLength(1)
  expect(await search({ search: '_%' })).toHaveLength(0)
  expect(await search({ to: '2001-01-01' })).toHaveLength(0)
  expect(await search({ from: '2001-01-01' })).toHaveLength(6)
  expect(await countAudit({ actor: 'ada@example.org' })).toBe(5)
})

it('takes no filter from what is none', async () => {
  expect(auditFilter.parse({ from: "'; drop table audit; --", run: '1 or 1=1' })).toEqual({ from: undefined, run: undefined })
})

it('knows who and what there is', async () => {
  expect(await auditChoices()).toEqual({ actors: ['ada@example.org', 'proctor'], actions: ['run.confirmed', 'run.succeeded'] })
})
