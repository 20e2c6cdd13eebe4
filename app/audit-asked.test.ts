import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyAudit } from '@/db/console/audit-chain'
import { auditKey } from '@/db/console/audit-key'
import { consoleDb } from '@/db/console/client'
import { audit } from '@/db/console/schema'
import { registerServer } from '@/db/console/servers'
import { closePools } from '@/db/server/pool'
import { type TestDatabase, testDatabase } from '@/test/support/test-database'
import { accountsForTests, ORIGIN, PASSWORD } from '../test/support/test-accounts'
import { requestWith } from '../test/support/test-request'
import { GET as exportGuide } from './[server]/db/[database]/guide/export/route'
import { healthCheck, indexScript, measureAgain } from './[server]/db/[database]/indexes/actions'
import { GET as exportIndexes } from './[server]/db/[database]/indexes/export/route'
import { explainPlan, sampleNow } from './[server]/db/[database]/statements/actions'
import { GET as exportQueries } from './[server]/db/[database]/statements/export/route'
import { GET as exportAudit } from './audit/export/route'
import { ADDRESS_HEADER } from './client-address'
import { testServer, testStoredServer } from './servers/actions'

const accounts = accountsForTests()
const SECRET = 'hunter-7251'
const PEER = '192.0.2.77'

describe.each([14, 18] as const)('on %i', (major) => {
  let watched: TestDatabase
  let server: string
  let database: string
  let params: Promise<{ server: string; database: string }>
  let key: string

  beforeAll(async () => {
    watched = await testDatabase(major)
    process.env.DATABASE_URL = watched.url
    database = watched.target.database
    server = watched.target.serverId
    params = Promise.resolve({ server, database })
    await registerServer({ id: server, name: server, source: 'environment', database })
    await watched.client.query('create extension pg_stat_statements; create table t (id int); create index i on t (id)')
    await watched.client.query('select id from t where id = 1')
    const { rows } = await watched.client.query(`select queryid || '.' || userid || '.' || dbid || '.1' as key from pg_stat_statements
      where query like 'select id from t where id%' and dbid = (select oid from pg_database where datname = current_database())`)
    key = rows[0]?.key
  })
  afterAll(async () => {
    await closePools()
    await watched.drop()
  })

  const fields = (more: object) => {
    const { host, port, user, password } = watched.target
    return {
      name: 'Own',
      readOnly: false,
      connection: { kind: 'fields', host, port, user, password, database, sslmode: 'prefer', ...more },
    }
  }
  const asked = (query: string) => new Request(`${ORIGIN}/export?${query}`)
  const oid = async () => (await watched.client.query(`select 'i'::regclass::oid as oid`)).rows[0].oid
  const of = () => ({ server, database, key, rolname: watched.target.user, datname: database })

  it.each<[what: string, who: 'viewer' | 'operator' | 'admin', act: () => Promise<unknown>, line: object]>([
    [
      'an export of indexes',
      'viewer',
      () => exportIndexes(asked('format=csv&q=t'), { params }),
      { action: 'data.exported', detail: { what: 'indexes', rows: 1 } },
    ],
    [
      'one of statements',
      'viewer',
      () => exportQueries(asked('format=json'), { params }),
      { action: 'data.exported', detail: { what: 'queries', format: 'json' } },
    ],
    [
      "one of the guide's indexes, which this database has not",
      'viewer',
      () => exportGuide(asked('format=csv'), { params }),
      { action: 'data.exported', detail: { what: 'guide indexes', problem: expect.any(String) } },
    ],
    [
      'a script to copy',
      'viewer',
      async () => indexScript(server, database, 'rebuild', [await oid()]),
      { action: 'script.made', detail: { kind: 'rebuild', count: 1 } },
    ],
    [
      'a plan',
      'operator', // the server is watched as a superuser
      () => explainPlan(of()),
      {
        action: 'query.planned',
        detail: { query: expect.any(String), statements: [expect.stringMatching(/^EXPLAIN .*select id from t/)] },
      },
    ],
    [
      'a plan that is not for viewers',
      'viewer',
      () => explainPlan(of()),
      {
        action: 'query.refused',
        detail: { problem: expect.stringContaining('takes an operator'), statements: [expect.stringMatching(/select id from t/)] },
      },
    ],
    [
      'a plan of what is gone',
      'viewer',
      () => explainPlan({ ...of(), key: '1.1.1.1' }),
      { action: 'query.refused', detail: { problem: expect.any(String) } },
    ],
    ['a sample', 'operator', () => sampleNow(server), { action: 'sample.requested', database: null }],
    [
      'a health check',
      'operator',
      () => healthCheck(server, database),
      { action: 'health.checked', detail: { durationMs: expect.any(Number) } },
    ],
    ['a measurement', 'operator', async () => measureAgain(server, database, await oid()), { action: 'index.measured' }],
    [
      'a connection test',
      'admin',
      () => testStoredServer(server),
      { action: 'server.tested', detail: { host: expect.any(String), version: expect.any(String) } },
    ],
    [
      'one of a form',
      'admin',
      () => testServer(fields({ port: 1, password: SECRET }), undefined),
      { action: 'server.tested', serverId: null, detail: { port: 1, password: 'given', problem: expect.any(String) } },
    ],
  ])('writes down %s', async (_, who, act, line) => {
    const before = await consoleDb().$count(audit)
    requestWith({ cookie: accounts.cookies[who], [ADDRESS_HEADER]: PEER })
    await act()
    const lines = await consoleDb().select().from(audit).orderBy(audit.id)
    expect(lines).toHaveLength(before + 1)
    const written = lines.at(-1)
    expect(written).toMatchObject({ actor: `${who}@example.org`, serverId: server, database, ...line })
    expect(written?.detail.from).toBe(PEER)
  })
})

it('writes down an export of the audit, with itself in it', async () => {
  requestWith({ cookie: accounts.cookies.viewer, [ADDRESS_HEADER]: PEER })
  const answer = await exportAudit(new Request(`${ORIGIN}/audit/export?action=data.exported`))
  const [, newest] = (await answer.text()).split('\r\n')
  expect(newest).toContain('""what"":""audit""')
})

it('writes down no secret', async () => {
  const lines = JSON.stringify(await consoleDb().select({ detail: audit.detail }).from(audit))
  expect(lines).not.toContain(SECRET)
  expect(lines).not.toContain(PASSWORD)
  expect(await consoleDb().$count(audit, eq(audit.action, 'server.tested'))).toBeGreaterThan(0)
})

it('leaves a chain that fits', async () => {
  expect(await verifyAudit(consoleDb(), { key: auditKey() })).toMatchObject({ unbroken: true, ranges: [{ by: 'keyed' }] })
})
