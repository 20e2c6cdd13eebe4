import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Authority, testAuthority } from '../../test/support/test-certificates'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { databases } from '../databases/reads/databases'
import { MAJORS } from '../embedded/binaries'
import { type Cluster, startCluster } from '../embedded/cluster'
import { freePort } from '../embedded/free-port'
import { type SslMode, tlsOptions } from './address'
import type { ConnectionFault } from './connection-fault'
import { diagnose } from './diagnosis'
import { runRead } from './run-read'
import type { Target } from './target'
import { targetFromUrl } from './target-url'
import { testConnection } from './test-connection'
import { offersTls } from './tls-offer'

const SECRET = 'not-the-password-7251'

async function faultOf(target: Target): Promise<{ fault: ConnectionFault; message: string }> {
  const test = await testConnection(target)
  if (test.ok) throw new Error('The connection succeeded')
  expect(JSON.stringify(test)).not.toContain(SECRET)
  return test.problem
}

describe.each(MAJORS)('PostgreSQL %i', (major) => {
  let database: TestDatabase
  const role = `limited_${major}`
  beforeAll(async () => {
    database = await testDatabase(major)
    await database.client.query(`create role ${role} login password 'limited' connection limit 1`)
    await database.client.query(`create role nologin_${major} nologin password 'limited'`)
    await database.client.query(`revoke connect on database ${database.target.database} from public`)
  })
  afterAll(async () => {
    await database.client.query(`drop owned by ${role}; drop role ${role}; drop role nologin_${major}`)
    await database.drop()
  })

  it('says who it got in as, on what', async () => {
    const test = await testConnection(database.target)
    expect(test).toMatchObject({ ok: true, value: { major, role: 'postgres', isSuperuser: true, inRecovery: false, tls: null } })
  })

  it('tells a wrong password, a missing one and a role that may not log in', async () => {
    expect(await faultOf({ ...database.target, password: SECRET })).toMatchObject({ fault: 'wrong_password', sqlstate: '28P01' })
    expect(await faultOf({ ...database.target, user: 'nobody', password: SECRET })).toMatchObject({ fault: 'wrong_password' })
    expect(await faultOf({ ...database.target, password: undefined })).toMatchObject({ fault: 'password_missing' })
    expect(await faultOf({ ...database.target, user: `nologin_${major}`, password: 'limited' })).toMatchObject({ fault: 'may_not_connect' })
  })

  it('tells a missing database, and one that the role may not connect to', async () => {
    const missing = await faultOf({ ...database.target, database: 'no such' })
    expect(missing).toMatchObject({ fault: 'no_such_database', message: 'There is no database "no such" on this server.' })
    const closed = await faultOf(database.as(role, 'limited'))
    expect(closed).toMatchObject({ fault: 'may_not_connect', kind: 'insufficient_privilege' })
  })

  it('tells when there is no connection to spare', async () => {
    await database.client.query(`grant connect on database ${database.target.database} to ${role}`)
    // The session of the test before may still be ending.
    await vi.waitFor(() => database.connect({ user: role, password: 'limited' }), { timeout: 120_000 })
    expect(await faultOf(database.as(role, 'limited'))).toMatchObject({ fault: 'too_many_connections', sqlstate: '53300' })
  })

  it('tells that no TLS is offered', async () => {
    expect(await offersTls(database.target.host, database.target.port)).toBe(false)
    expect(await faultOf({ ...database.target, ssl: tlsOptions('require', undefined, false) })).toMatchObject({ fault: 'tls_not_offered' })
  })
})

describe('a network in the way', () => {
  const nowhere = targetFromUrl('x', 'postgresql://ada@127.0.0.1/lms')
  let strange: Server
  let strangePort: number
  beforeAll(async () => {
    strange = createServer((socket) =>
      socket.on('error', () => undefined).once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    )
    strangePort = await freePort()
    await new Promise<void>((resolve) => strange.listen(strangePort, '127.0.0.1', resolve))
  })
  afterAll(() => {
    strange.close()
  })

  it('tells a name that DNS does not know from a port where nothing listens', async () => {
    expect((await faultOf({ ...nowhere, host: 'no-such-host.invalid' })).fault).toMatch(/^host_unknown$|^no_answer$/)
    const refused = await faultOf({ ...nowhere, port: await freePort() })
    expect(refused.fault).toBe('port_refused')
    expect(refused.message).toMatch(/nothing listens on port \d+/)
  })

  it('tells a read the same, in the same words', async () => {
    const port = await freePort()
    expect(await runRead({ ...nowhere, serverId: `nowhere ${port}`, port }, databases, {})).toEqual({
      ok: false,
      problem: {
        kind: 'unreachable',
        message: `127.0.0.1 answers, but nothing listens on port ${port}.`,
        hint: 'Check listen_addresses and port of the server, and any firewall.',
      },
    })
  })

  it.each(['disable', 'require'] as SslMode[])('tells what is not PostgreSQL, with TLS mode %s', async (mode) => {
    const target = { ...nowhere, port: strangePort, ssl: tlsOptions(mode, undefined, false) }
    expect(await faultOf(target)).toMatchObject({ fault: 'not_postgresql' })
    expect(await offersTls('127.0.0.1', strangePort)).toBe(false)
  })

  it.each([
    ['ENOTFOUND', 'host_unknown'],
    ['EAI_AGAIN', 'host_unknown'],
    ['EHOSTUNREACH', 'host_unreachable'],
    ['ETIMEDOUT', 'no_answer'],
    ['CERT_NOT_YET_VALID', 'certificate_not_yet_valid'],
  ])('has words for %s', (code, fault) => {
    expect(diagnose(Object.assign(new Error(code), { code }), nowhere).fault).toBe(fault)
  })

  it('throws on what no server and no network says', () => {
    expect(() => diagnose(new TypeError('x is not a function'), nowhere)).toThrow('x is not a function')
  })
})

describe('TLS', () => {
  let folder: string
  let cluster: Cluster
  let ours: Authority
  let other: Authority
  let base: Target
  const through = (sslmode: SslMode, ca?: string, host = 'localhost'): Target => ({ ...base, host, ssl: tlsOptions(sslmode, ca, true) })
  const serve = async (files: { cert: string; key: string }, settings: Record<string, string> = {}) => {
    await cluster?.stop()
    cluster = await startCluster({
      major: 18,
      folder: path.join(folder, 'server'),
      port: base?.port ?? (await freePort()),
      password: 'test',
      settings: { fsync: 'off', ssl: 'on', ssl_cert_file: files.cert, ssl_key_file: files.key, ...settings },
    })
    base = targetFromUrl('tls', cluster.url)
  }
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'proctor-tls-'))
    await chmod(folder, 0o755)
    ours = await testAuthority(path.join(folder, 'certificates'), 'ours')
    other = await testAuthority(path.join(folder, 'certificates'), 'other')
    await serve(await ours.sign('server', ['DNS:localhost']))
  })
  afterAll(async () => {
    await cluster.stop('immediate')
    await rm(folder, { recursive: true, force: true })
  })

  it('encrypts with every mode but disable', async () => {
    expect(await offersTls('127.0.0.1', base.port)).toBe(true)
    expect(await testConnection(through('disable'))).toMatchObject({ ok: true, value: { tls: null } })
    for (const mode of ['prefer', 'require'] as SslMode[]) {
      expect(await testConnection(through(mode))).toMatchObject({ ok: true, value: { tls: expect.stringContaining('TLSv1.3') } })
    }
  })

  it.each(['verify-ca', 'verify-full'] as SslMode[])('%s trusts the right authority only', async (mode) => {
    expect(await testConnection(through(mode, ours.pem))).toMatchObject({ ok: true, value: { tls: expect.stringContaining('TLSv1.3') } })
    const wrong = await faultOf(through(mode, other.pem))
    expect(wrong).toMatchObject({ fault: 'certificate_not_trusted', kind: 'unreachable' })
    expect(wrong.message).toContain('not signed by the authority that was given')
    expect(await faultOf(through(mode, undefined))).toMatchObject({ fault: 'certificate_not_trusted' })
  })

  it('verify-full compares the name, verify-ca does not', async () => {
    expect(await faultOf(through('verify-full', ours.pem, '127.0.0.1'))).toMatchObject({ fault: 'certificate_wrong_name' })
    expect((await testConnection(through('verify-ca', ours.pem, '127.0.0.1'))).ok).toBe(true)
  })

  it('tells an expired certificate', async () => {
    await serve(await ours.sign('expired', ['DNS:localhost'], -1))
    expect(await faultOf(through('verify-full', ours.pem))).toMatchObject({ fault: 'certificate_expired' })
    expect((await testConnection(through('require'))).ok).toBe(true)
  })

  it('tells a refusal of pg_hba.conf, and when TLS would help', async () => {
    await serve(await ours.sign('again', ['DNS:localhost']))
    // the address that startCluster asks until the server is ready must stay open, without TLS
    const rules = ['host postgres postgres 127.0.0.1/32 scram-sha-256', 'hostssl template1 postgres 127.0.0.1/32 scram-sha-256']
    await writeFile(path.join(cluster.dataDir, 'pg_hba.conf'), `${rules.join('\n')}\n`)
    await serve(await ours.sign('again', ['DNS:localhost']))
    const plain = await faultOf({ ...through('disable'), database: 'template1' })
    expect(plain).toMatchObject({ fault: 'hba_refusal', message: expect.stringContaining('Choose TLS mode require') })
    expect((await testConnection({ ...through('require'), database: 'template1' })).ok).toBe(true)
    const closed = await faultOf({ ...through('require'), database: 'template0' })
    expect(closed).toMatchObject({ fault: 'hba_refusal', message: expect.stringContaining('Add an entry') })
  })
})
