import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { fakeServer, politely, ready, said } from '../../test/support/fake-server'
import { databases } from '../databases/reads/databases'
import type { ConnectionFault } from './connection-fault'
import { closePools } from './pool'
import { runRead } from './run-read'
import { testConnection } from './test-connection'

/** ErrorResponses as they came from a German and a Japanese PostgreSQL 15 and from PgBouncer 1.18, by the letters of their fields. */
const CAPTURED: { from: string; case: string; fields: Record<string, string> }[] = JSON.parse(
  await readFile('test/support/error-responses.json', 'utf8'),
)

const AT_THE_DOOR: Record<string, ConnectionFault> = {
  'no such role': 'may_not_connect', // or NOLOGIN: the server raises both at one place, and only its own words tell which
  'a role with NOLOGIN': 'may_not_connect',
  'a wrong password': 'wrong_password',
  'no such database': 'no_such_database',
  'no CONNECT privilege': 'may_not_connect',
  'a database that takes no connections': 'may_not_connect',
  'a role at its connection limit': 'too_many_connections',
  'no line in pg_hba.conf': 'hba_refusal',
  'a line with reject in pg_hba.conf': 'hba_refusal',
  'ident that fails': 'may_not_connect',
  'no connection to spare': 'too_many_connections',
}
const LATER: Record<string, string> = {
  'a session that was terminated': 'unreachable',
  'a statement time-out': 'timeout',
  'a privilege that is missing': 'insufficient_privilege',
}
const isPooler = ({ from }: { from: string }) => from.startsWith('PgBouncer')

it.each(CAPTURED.filter((one) => one.case in AT_THE_DOOR || isPooler(one)))('$from at the door: $case', async (one) => {
  const server = await fakeServer({ startup: (socket) => socket.end(said('E', one.fields)) })
  const [tested, read] = [await testConnection(server.target), await runRead(server.target, databases, {})]
  await server.close()
  const fault = isPooler(one) ? 'pooler' : AT_THE_DOOR[one.case]
  expect(tested).toMatchObject({ ok: false, problem: { fault, hint: one.fields.M, sqlstate: one.fields.C } })
  if (one.case === 'no such role' || one.case === 'a role with NOLOGIN') {
    expect(!tested.ok && tested.problem.message).toBe(
      'Role "ada" is not on this server, or has NOLOGIN; the server\'s own words say which.',
    )
  }
  if (isPooler(one)) expect(read).toMatchObject({ ok: false, problem: { kind: 'unreachable', hint: one.fields.M } })
})

it.each(CAPTURED.filter((one) => one.case in LATER || isPooler(one)))('$from later: $case', async (one) => {
  const bytes = Buffer.concat([said('E', one.fields), one.fields.V === 'ERROR' ? ready : Buffer.alloc(0)])
  const server = await fakeServer({
    query: (socket, text) => {
      if (!text.includes('proctor:databases')) return politely(socket, text)
      return one.fields.V === 'ERROR' ? socket.write(bytes) : socket.end(bytes)
    },
  })
  const read = await runRead(server.target, databases, {})
  await closePools(server.target.serverId)
  await server.close()
  expect(read).toMatchObject({ ok: false, problem: { kind: LATER[one.case] ?? 'unreachable', sqlstate: one.fields.C } })
})

it('says of a German refusal that TLS may help, as the connection was plain', async () => {
  const german = CAPTURED.find((one) => one.case === 'no line in pg_hba.conf')
  const server = await fakeServer({ startup: (socket) => socket.end(said('E', german?.fields ?? {})) })
  expect(await testConnection(server.target)).toMatchObject({
    ok: false,
    problem: { message: expect.stringContaining('Choose TLS mode require') },
  })
  await server.close()
})
