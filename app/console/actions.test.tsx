import { eq } from 'drizzle-orm'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it } from 'vitest'
import { currentUser } from '@/app/session'
import { MovedOrCopied } from '@/components/shell/moved-or-copied'
import { consoleDb } from '@/db/console/client'
import { becomeCopy, consoleDoubt, consoleId } from '@/db/console/console-id'
import { doubtSentences } from '@/db/console/doubt-sentences'
import { audit } from '@/db/console/schema'
import { registerServer } from '@/db/console/servers'
import { accountsForTests } from '@/test/support/test-accounts'
import { requestWith } from '@/test/support/test-request'
import { testServer, testStoredServer } from '../servers/actions'
import { answerPlace } from './actions'

const accounts = accountsForTests()
const as = (cookie: string) => requestWith({ cookie, host: '127.0.0.1:3000' })
const asked = async () => (await consoleDoubt())?.at

it('says why it asks, as text', async () => {
  await becomeCopy()
  const doubt = { at: '', because: [{ what: 'folder' as const, was: '/srv/a', is: '/srv/<b>' }], place: null }
  const html = renderToStaticMarkup(<MovedOrCopied because={doubtSentences(doubt)} answers />)
  expect(html).toContain('/srv/&lt;b&gt;')
  expect(html).toContain('href="/console"')
  expect(renderToStaticMarkup(<MovedOrCopied because={[]} answers={false} />)).not.toContain('href')
})

it('until it is answered no server is tried, whoever asks', async () => {
  await becomeCopy()
  as(accounts.cookies.admin)
  process.env.DATABASE_URL = 'postgresql://nobody@127.0.0.1:1/d'
  await registerServer({ id: 'main', name: 'main', source: 'environment', database: 'd' })
  const connection = { kind: 'address', address: 'postgresql://x@127.0.0.1:1/d' }
  for (const answer of [await testStoredServer('main'), await testServer({ name: 'x', readOnly: false, connection }, undefined)])
    expect(answer).toMatchObject({ ok: false, problem: { kind: 'conflict', hint: expect.stringContaining('/console') } })
})

it('an administrator answers the question that was shown, once; a copy signs everybody else out', async () => {
  await becomeCopy()
  const [id, at] = [await consoleId(), await asked()]
  as(accounts.cookies.operator)
  expect(await answerPlace('copied', at)).toMatchObject({ ok: false, problem: { kind: 'insufficient_privilege' } })
  as(accounts.cookies.admin)
  expect(await answerPlace('copied', '2020-01-01T00:00:00.000Z')).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
  expect(await answerPlace('both', at)).toMatchObject({ ok: false, problem: { kind: 'invalid_input' } })
  expect([await asked(), await consoleId()]).toEqual([at, id])
  expect(await answerPlace('copied', at)).toEqual({ ok: true, value: { id: await consoleId() } })
  expect(await consoleId()).not.toBe(id)
  expect(await consoleDoubt()).toBeNull()
  expect(await answerPlace('moved', at)).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
  const [line] = await consoleDb().select().from(audit).where(eq(audit.action, 'console.copied'))
  expect(line).toMatchObject({ actor: 'admin@example.org', detail: { copyOf: id } })
  expect(await currentUser()).toMatchObject({ role: 'admin' })
  const { rows } = await accounts.database.client.query('select count(*)::int as n from session')
  expect(rows).toEqual([{ n: 1 }])
})
