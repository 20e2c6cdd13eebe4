import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { Role } from '@/db/console/roles'
import { accountsForTests } from '@/test/support/test-accounts'
import { testAuthority } from '@/test/support/test-certificates'
import { requestWith } from '@/test/support/test-request'
import * as windows from './[id]/actions'
import * as actions from './actions'

const accounts = accountsForTests()

const as = (who: Role) => requestWith({ cookie: accounts.cookies[who] })

const folder = path.join(tmpdir(), `proctor-authorities-${process.pid}`)
afterAll(() => rm(folder, { recursive: true, force: true }))
const authority = async (name: string) => (await testAuthority(folder, name)).pem

const input = () => {
  const { host, port, user: role, password, database: name } = accounts.database.target
  return {
    name: 'Own',
    readOnly: false,
    connection: { kind: 'fields', host, port, user: role, password, database: name, sslmode: 'prefer' },
  }
}

it('an administrator tests, adds, marks and removes', async () => {
  as('admin')
  expect(await actions.testServer(input(), undefined)).toMatchObject({ ok: true, value: { major: 18 } })
  expect(await actions.saveServer(input())).toEqual({ ok: true, value: { id: 'own' } })
  expect(await actions.testStoredServer('own')).toMatchObject({ ok: true })
  const { connection, ...rest } = input()
  const kept = { ...rest, connection: { ...connection, password: undefined } }
  expect(await actions.testServer(kept, 'own')).toMatchObject({ ok: true })
  expect(await actions.testServer({ ...rest, connection: { ...connection, password: '', host: 'evil.example' } }, 'own')).toMatchObject({
    ok: false,
  })
  expect(await actions.saveServer(kept, 'own')).toMatchObject({ ok: true })
  expect(await actions.markReadOnly('own', true)).toMatchObject({ ok: true })
  expect(await actions.takeServerAway('own', 'something else')).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
  expect(await actions.takeServerAway('own', 'Own')).toMatchObject({ ok: true })
})

it('asks for the password again where it would go elsewhere, or with less to tell that server by', async () => {
  as('admin')
  const [ours, other] = [await authority('ours'), await authority('other')]
  const { connection, ...rest } = input()
  const form = (sslmode: string, ca?: string, more = {}) => ({ ...rest, name: 'Kept', ca, connection: { ...connection, sslmode, ...more } })
  const saved = await actions.saveServer(form('verify-ca', ours))
  const id = saved.ok && 'id' in saved.value ? saved.value.id : ''
  const without = { password: undefined }
  const again = { ok: false, problem: { kind: 'invalid_input', message: expect.stringMatching(/^Enter the password again/) } }
  for (const weaker of [
    form('disable', undefined, without),
    form('prefer', undefined, without),
    form('require', undefined, without),
    form('verify-ca', other, without),
    form('verify-full', other, without),
    form('verify-full', undefined, without), // all that this machine trusts
    form('verify-ca', ours, { ...without, host: 'evil.example' }),
    form('verify-ca', ours, { ...without, port: 1 }),
    form('verify-ca', ours, { ...without, user: 'postgres2' }),
    {
      ...rest,
      name: 'Kept',
      connection: { kind: 'address', address: `host=${connection.host} port=${connection.port} user=${connection.user}` },
    },
  ]) {
    expect(await actions.saveServer(weaker, id)).toMatchObject(again)
    expect(await actions.testServer(weaker, id)).toMatchObject(again)
  }
  expect(await actions.saveServer(form('verify-full', ours, without), id)).toMatchObject({ ok: true })
  expect(await actions.saveServer(form('verify-ca', ours, without), id)).toMatchObject(again)
  expect(await actions.saveServer(form('prefer'), id)).toMatchObject({ ok: true }) // with the password
  expect(await actions.saveServer(form('require', undefined, without), id)).toMatchObject({ ok: true })
})

it.each([[undefined], [null], ['x'], [{}], [{ name: 'x' }], [[]]])('takes %j for no form, without throwing', async (given) => {
  as('admin')
  expect(await actions.saveServer(given, undefined)).toMatchObject({ ok: false, problem: { kind: 'invalid_input' } })
  expect(await actions.markReadOnly(given, given)).toMatchObject({ ok: false })
  expect(await actions.takeServerAway(given, given)).toMatchObject({ ok: false })
})

it('keeps, describes and removes a maintenance window', async () => {
  as('admin')
  const saved = await actions.saveServer({ ...input(), name: 'With windows' })
  const id = saved.ok && 'id' in saved.value ? saved.value.id : ''
  const times = { cron: '0 2 * * 0', timeZone: 'UTC', minutes: 90 }
  expect(await windows.previewWindow(times)).toMatchObject({ ok: true, value: { words: 'At 02:00, only on Sunday, UTC, for 1 h 30 min' } })
  const kept = await windows.keepWindow(id, null, { name: 'Nightly', ...times })
  expect(kept).toMatchObject({ ok: true })
  const windowId = kept.ok ? kept.value.id : ''
  expect(await windows.keepWindow(id, windowId, { name: 'Nightly', ...times, cron: 'nightly' })).toMatchObject({ ok: false })
  expect(await windows.takeWindowAway('own', windowId)).toMatchObject({ ok: false }) // another server's
  expect(await windows.takeWindowAway(id, windowId)).toMatchObject({ ok: true })
  for (const given of [undefined, null, 'x', {}, []]) {
    const wrong = { ok: false, problem: { kind: 'invalid_input' } }
    expect(await windows.previewWindow(given)).toMatchObject(wrong)
    expect(await windows.keepWindow(given, given, given)).toMatchObject(wrong)
    expect(await windows.takeWindowAway(given, given)).toMatchObject(wrong)
  }
})
