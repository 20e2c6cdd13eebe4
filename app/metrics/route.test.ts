import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { GET as health } from '@/app/healthz/route'
import type { Finding } from '@/db/checks/define-check'
import { closeConsole, consoleDb } from '@/db/console/client'
import { server } from '@/db/console/schema'
import { keepLook } from '@/db/findings/keep-look'
import { testConsole } from '@/test/support/test-console'
import type { TestDatabase } from '@/test/support/test-database'
import { GET as metrics } from './route'

const before = { ...process.env }
let database: TestDatabase
beforeAll(async () => {
  database = await testConsole()
  before.PROCTOR_CONSOLE_URL = process.env.PROCTOR_CONSOLE_URL = database.url
  before.PROCTOR_SECRET = process.env.PROCTOR_SECRET = 'a secret for tests that is long enough'
  const row = { id: 'billing', name: 'Billing', source: 'stored', database: 'secret_db', host: 'db.internal', username: 'watcher' } as const
  await consoleDb().insert(server).values(row)
  const open = (name: string): Finding => ({
    ...{ kind: 'server', name, title: 'title', evidence: '', severity: 'bad', trust: { kind: 'exact' }, fix: null, sql: null },
  })
  const look = { check: 'fsync-off', cadence: 'hour', findings: [open('a'), open('b')], problem: null, duration: 1 } as const
  await keepLook({ serverId: 'billing', cluster: '', database: '' }, [look], new Date())
})
afterEach(() => {
  process.env = { ...before }
})
afterAll(async () => {
  await closeConsole()
  await database.drop()
})

const ask = (headers: Record<string, string> = {}) =>
  metrics(new Request('http://127.0.0.1:3000/metrics', { headers: { host: '127.0.0.1:3000', ...headers } }))

it('counts servers, runs and connections for this machine, without a secret or an address', async () => {
  const answer = await ask()
  expect(answer.status).toBe(200)
  const text = await answer.text()
  expect(text).toContain('proctor_servers{source="stored",read_only="false"} 1')
  expect(text).toContain('# HELP proctor_runs ')
  expect(text).toMatch(/proctor_console_connections\{state="busy"\} \d/)
  expect(text).toContain('process_cpu_seconds_total')
  expect(text).toContain('proctor_server_sampled{server="billing",standing="never"} 0')
  expect(text).toContain('proctor_findings{server="billing",check="fsync-off",severity="bad"} 2')
  expect(text).not.toMatch(/secret_db|db\.internal|watcher|a secret for tests|postgres(ql)?:/)
})

it('asks others for the token', async () => {
  expect((await ask({ host: 'evil.example' })).status).toBe(401)
  process.env.HOST = '0.0.0.0'
  expect((await ask()).status).toBe(401)
  process.env.PROCTOR_METRICS_TOKEN = 'a-token-of-16-letters'
  expect((await ask({ authorization: 'Bearer a-token-of-16-letter' })).status).toBe(401)
  expect((await ask({ authorization: 'Bearer a-token-of-16-letters', host: 'proctor.example.org' })).status).toBe(200)
})

it('is live without a console database, and ready with one', async () => {
  const probe = (path: string) => health(new Request(`http://127.0.0.1:3000${path}`))
  expect(await (await probe('/healthz')).json()).toEqual({ status: 'ready' })
  await closeConsole()
  process.env.PROCTOR_CONSOLE_URL = 'postgresql://nobody:hidden@127.0.0.1:1/none'
  const answer = await probe('/healthz')
  expect(answer.status).toBe(503)
  expect(await answer.text()).not.toContain('hidden')
  expect((await probe('/healthz?live')).status).toBe(200)
  await closeConsole()
})
