import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { authentication, type Fake, fakeServer, SECRET, said, welcome } from '../../test/support/fake-server'
import { type Authority, testAuthority } from '../../test/support/test-certificates'
import { type Cluster, startCluster } from '../embedded/cluster'
import { freePort } from '../embedded/free-port'
import { type SslMode, tlsOptions } from './address'
import type { Target } from './target'
import { targetFromUrl } from './target-url'
import { testConnection } from './test-connection'

const faultOf = async (target: Target) => {
  const test = await testConnection(target)
  expect(JSON.stringify(test)).not.toContain(SECRET)
  return test.ok ? 'none' : test.problem.fault
}

describe.each([14, 18] as const)('PostgreSQL %i that asks for passwords in clear text, as MD5 and by SCRAM', (major) => {
  let folder: string
  let cluster: Cluster
  let ours: Authority
  let base: Target
  const as = (user: string, sslmode: SslMode, ca?: string): Target => ({
    ...base,
    host: 'localhost',
    user,
    password: SECRET,
    ssl: tlsOptions(sslmode, ca, true),
  })
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'proctor-auth-'))
    await chmod(folder, 0o755)
    ours = await testAuthority(path.join(folder, 'certificates'), 'ours')
    const { cert, key } = await ours.sign('server', ['DNS:localhost'])
    const settings = { fsync: 'off', ssl: 'on', ssl_cert_file: cert, ssl_key_file: key }
    cluster = await startCluster({ major, folder: path.join(folder, 'server'), port: await freePort(), password: 'test', settings })
    base = targetFromUrl('auth', cluster.url)
    const client = new Client({ connectionString: cluster.url })
    await client.connect()
    for (const [role, how] of [
      ['clear', 'scram-sha-256'],
      ['md5', 'md5'],
      ['scram', 'scram-sha-256'],
    ]) {
      await client.query(`set password_encryption = '${how}'; create role "${role}" login password '${SECRET}'`)
    }
    const hba = path.join(cluster.dataDir, 'pg_hba.conf')
    const rules = ['clear', 'md5', 'scram'].flatMap((role) => {
      const method = role === 'clear' ? 'password' : role === 'md5' ? 'md5' : 'scram-sha-256'
      return [`host all ${role} all ${method}`, `local all ${role} ${method}`]
    })
    await writeFile(hba, `${rules.join('\n')}\n${await readFile(hba, 'utf8')}`)
    await client.query('select pg_reload_conf()')
    await client.end()
    await vi.waitFor(async () => expect(await faultOf(as('md5', 'verify-full', ours.pem))).toBe('none'), { timeout: 20_000 })
  })
  afterAll(async () => {
    await cluster.stop('immediate')
    await rm(folder, { recursive: true, force: true })
  })

  it.each(['clear', 'md5'])('role %s gets in only where TLS was verified', async (role) => {
    for (const mode of ['disable', 'prefer', 'require'] as SslMode[]) expect(await faultOf(as(role, mode))).toBe('password_unprotected')
    for (const mode of ['verify-ca', 'verify-full'] as SslMode[]) expect(await faultOf(as(role, mode, ours.pem))).toBe('none')
  })

  it('SCRAM stays everywhere, and binds to the channel where there is TLS', async () => {
    for (const mode of ['disable', 'prefer', 'require'] as SslMode[]) expect(await faultOf(as('scram', mode))).toBe('none')
    for (const mode of ['verify-ca', 'verify-full'] as SslMode[]) expect(await faultOf(as('scram', mode, ours.pem))).toBe('none')
    expect(await faultOf({ ...as('scram', 'require'), password: 'wrong' })).toBe('wrong_password')
  })

  it('says what would fix it', async () => {
    const test = await testConnection(as('md5', 'prefer'))
    expect(test).toMatchObject({
      ok: false,
      problem: {
        kind: 'unreachable',
        message: expect.stringContaining('as MD5'),
        hint: expect.stringMatching(/scram-sha-256.*verify-full/),
      },
    })
  })
})

/** What a fake server asks, and what becomes of it. `sent`: messages that would hold a password or a proof. */
async function meets(fake: Fake, more: Partial<Target> = {}): Promise<{ fault: string; sent: string[] }> {
  const server = await fakeServer(fake)
  const fault = await faultOf({ ...server.target, ...more })
  await server.close()
  return { fault, sent: server.passwords }
}

const asks = (...bytes: Buffer[]) => ({ startup: (socket: Socket) => socket.write(Buffer.concat(bytes)) })
const scram = authentication(10, 'SCRAM-SHA-256\0\0')

describe('a fake server', () => {
  it.each([
    ['in clear text', authentication(3)],
    ['as MD5', authentication(5, 'salt')],
  ])('gets no password %s', async (_, bytes) => {
    expect(await meets(asks(bytes))).toEqual({ fault: 'password_unprotected', sent: [] })
    expect(await meets({ tls: (socket) => socket.write('N'), ...asks(bytes) })).toEqual({ fault: 'password_unprotected', sent: [] })
  })

  it('gets it through a Unix socket: whoever has the directory is whom we mean', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'proctor-socket-'))
    const server = await fakeServer(asks(authentication(3)), folder)
    await testConnection(server.target)
    await server.close()
    await rm(folder, { recursive: true })
    expect(server.passwords).toEqual([`${SECRET}\0`])
  })

  it.each([
    ['Kerberos', authentication(2)],
    ['SCM credentials', authentication(6)],
    ['GSSAPI', authentication(7)],
    ['SSPI', authentication(9)],
    ['a method of the future', authentication(99)],
    ['OAuth', authentication(10, 'OAUTHBEARER\0\0')],
    ['no mechanism at all', authentication(10, '\0')],
  ])('that asks for %s is told in words that Proctor has no such thing', async (_, bytes) => {
    expect(await meets(asks(bytes))).toEqual({ fault: 'method_unknown', sent: [] })
  })

  it('gets no password of the environment, nor of a file, in place of one that was not given', async () => {
    vi.stubEnv('PGPASSWORD', SECRET)
    const met = await meets(asks(scram), { password: undefined })
    vi.unstubAllEnvs()
    expect(met).toEqual({ fault: 'password_missing', sent: [] })
  })

  const first = (change: (text: string) => string) => ({
    ...asks(scram),
    password: (socket: Socket, body: Buffer) => {
      const nonce = /r=([^,]+)/.exec(body.toString('latin1'))?.[1] ?? ''
      socket.write(authentication(11, change(`r=${nonce}server,s=${randomBytes(16).toString('base64')},i=4096`)))
    },
  })

  it.each([
    ['asks for two thousand million rounds', (text: string) => text.replace('i=4096', 'i=2000000000')],
    ['does not go on from our nonce', (text: string) => text.replace('r=', 'r=x')],
    ['gives our nonce back as it was', (text: string) => text.replace('server', '')],
    ['has no salt', (text: string) => text.replace(/s=[^,]+/, 's=')],
    ['says nothing that SCRAM knows', () => 'hello'],
    ['is silent', () => ''],
  ])('that %s gets no proof', async (_, change) => {
    const { fault, sent } = await meets(first(change))
    expect(fault).toBe('not_proven')
    expect(sent).toHaveLength(1) // our nonce
  })

  it('that asks for SCRAM a hundred times at once has it calculated once', async () => {
    const { fault } = await meets({
      ...asks(scram),
      password: (socket, body) => {
        const nonce = /r=([^,]+)/.exec(body.toString('latin1'))?.[1] ?? ''
        const again = authentication(11, `r=${nonce}server,s=c2FsdHNhbHQ=,i=1000000`)
        socket.write(Buffer.concat(Array.from({ length: 100 }, () => again)))
      },
    })
    expect(fault).toBe('not_postgresql')
  })

  /** Plays SCRAM to its end, with the password or without knowing it. */
  const plays = (password: string, end: (signature: string) => Buffer): Fake => {
    let [bare, firstSaid, salt] = ['', '', Buffer.alloc(0)]
    return {
      ...asks(scram),
      password: (socket, body) => {
        const text = body.toString('latin1')
        if (text.includes('n=*')) {
          bare = text.slice(text.indexOf('n=*'))
          salt = randomBytes(16)
          firstSaid = `${bare.slice(4)}server,s=${salt.toString('base64')},i=4096`
          socket.write(authentication(11, firstSaid))
          return
        }
        const key = createHmac('sha256', pbkdf2Sync(password, salt, 4_096, 32, 'sha256'))
          .update('Server Key')
          .digest()
        const proofless = text.slice(text.indexOf('c='), text.lastIndexOf(',p='))
        socket.write(end(createHmac('sha256', key).update(`${bare},${firstSaid},${proofless}`).digest('base64')))
      },
    }
  }

  it('that proves that it knows the password is believed', async () => {
    const { fault } = await meets(plays(SECRET, (signature) => Buffer.concat([authentication(12, `v=${signature}`), welcome])))
    expect(fault).toBe('wrong_answer') // let in; to the question who it is it has no row
  })

  it.each([
    ['gives a wrong signature', (): Buffer => Buffer.concat([authentication(12, `v=${createHash('sha256').digest('base64')}`), welcome])],
    ['gives an empty one', (): Buffer => Buffer.concat([authentication(12, 'v='), welcome])],
  ])('that %s does not get in', async (_, end) => {
    expect((await meets(plays('guessed', end))).fault).toBe('not_proven')
  })

  it('that lets us in without any proof does not get in', async () => {
    expect((await meets(plays('guessed', () => welcome))).fault).toBe('not_postgresql')
    expect((await meets(asks(scram, welcome))).fault).toBe('not_postgresql')
  })

  it.each([
    ['plain bytes behind its S', (socket: Socket) => socket.write(Buffer.concat([Buffer.from('S'), welcome])), 'not_postgresql'],
    ['S, and then plain bytes', (socket: Socket) => socket.write('S') && setTimeout(() => socket.write(welcome), 50), 'not_postgresql'],
    [
      'an error, which anybody could have put there',
      (socket: Socket) => socket.write(said('E', { S: 'FATAL', M: 'send it in clear' })),
      'not_postgresql',
    ],
    ['neither yes nor no', (socket: Socket) => socket.write('X'), 'not_postgresql'],
    ['N', (socket: Socket) => socket.write('N'), 'tls_not_offered'],
    ['nothing', (socket: Socket) => socket.destroy(), 'not_postgresql'],
  ])('answers the request for TLS with %s', async (_, tls, fault) => {
    expect(await meets({ tls }, { ssl: tlsOptions('require', undefined, true) })).toEqual({ fault, sent: [] })
  })
})
