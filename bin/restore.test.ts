import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Client } from 'pg'
import { beforeAll, describe, expect, it } from 'vitest'
import { connectConsole } from '../db/console/client'
import { server } from '../db/console/schema'
import { storedAddress } from '../db/console/servers'
import { startCluster } from '../db/embedded/cluster'
import { freePort } from '../db/embedded/free-port'
import { backupCommandsForTests, PASSPHRASE, SECRET, SENTENCE, STORED } from '../test/support/backup-commands'
import { rowsOf } from '../test/support/fill-console'
import { testDatabase } from '../test/support/test-database'

const commands = backupCommandsForTests()
const { backUp, inFolder, proctor, start } = commands

beforeAll(async () => expect(await backUp('plain')).toMatchObject({ code: 0 }))

/** What a console on a data folder of its own keeps, looked at by whoever starts its server. */
async function consoleIn(data: string): Promise<{ rows: Record<string, string[]>; session: string; passwordOf: () => Promise<unknown> }> {
  const secrets = JSON.parse(await readFile(path.join(data, 'secrets.json'), 'utf8'))
  const cluster = await startCluster({
    major: 18,
    folder: path.join(data, 'console'),
    binariesCopy: path.join(data, 'binaries'),
    port: await freePort(),
    password: secrets.console,
  })
  const url = cluster.url.replace(/postgres$/, 'proctor')
  const client = new Client({ connectionString: url })
  await client.connect()
  const rows = await rowsOf(client, ['session', 'verification', 'console', 'audit', 'audit_id_seq'])
  const home = connectConsole(url)
  const [stored] = (await home.select().from(server)).filter(({ id }) => id === STORED.id)
  await home.$client.end()
  await client.end()
  await cluster.stop()
  const passwordOf = async () => {
    process.env.PROCTOR_SECRET = secrets.session
    const address = stored && storedAddress(stored)
    process.env.PROCTOR_SECRET = SECRET
    return address?.ok ? address.value.password : address?.problem.message
  }
  return { rows, session: secrets.session, passwordOf }
}

describe('proctor restore into a data folder', () => {
  let before: Record<string, string[]>
  beforeAll(async () => {
    expect(await backUp('sealed', ['--with-secrets'], { PROCTOR_BACKUP_PASSPHRASE: PASSPHRASE })).toMatchObject({ code: 0 })
    before = await rowsOf(commands.source.client, ['session', 'verification', 'console', 'audit', 'audit_id_seq'])
  })

  const restore = (name: string, data: string, more: string[] = [], env: Record<string, string> = {}) =>
    proctor(['restore', inFolder(name), ...more], { PROCTOR_DATA_DIR: inFolder(data), ...env })

  it('brings everything along with the secret, which is nowhere in clear in the backup', async () => {
    const file = inFolder('passphrase')
    await writeFile(file, `${PASSPHRASE}\n`)
    const { code, stdout, stderr } = await restore('sealed', 'one', ['--passphrase-file', file])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^Restored into \S+one: \d+ tables, \d+ rows, as of/)
    expect(stdout).toMatch(/came out of the backup[\s\S]*moved or copied/)
    expect((await readdir(inFolder('one'))).filter((name) => !['binaries', 'console.lock'].includes(name)).sort()).toEqual([
      'console',
      'secrets.json',
    ])
    expect((await stat(path.join(inFolder('one'), 'secrets.json'))).mode & 0o777).toBe(0o600)
    const there = await consoleIn(inFolder('one'))
    expect(there.rows).toEqual(before)
    expect(there.session).toBe(SECRET)
    expect(await there.passwordOf()).toBe('of the stored server')
    expect((await readFile(inFolder('sealed'))).includes(SECRET)).toBe(false)
  })

  it('is backed up as well while it does not run, and runs no longer than that', async () => {
    const env = { PROCTOR_DATABASE_URL: '', PROCTOR_DATA_DIR: inFolder('one'), PROCTOR_SECRET: '' }
    const { code, stdout, stderr } = await backUp('of-one', [], env)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain(`Keep ${path.join(inFolder('one'), 'secrets.json')} as well`)
    expect(await readdir(path.join(inFolder('one'), 'console', 'data'))).not.toContain('postmaster.pid')
    expect(await restore('of-one', 'one-again', [], { PROCTOR_SECRET: SECRET })).toMatchObject({ code: 0 })
    expect((await consoleIn(inFolder('one-again'))).rows).toEqual(before)
  })

  it('takes the secrets that were kept beside the backup', async () => {
    await mkdir(inFolder('beside'))
    const secrets = { console: 'c'.repeat(43), sample: 's'.repeat(43), session: SECRET }
    await writeFile(path.join(inFolder('beside'), 'secrets.json'), JSON.stringify(secrets), { mode: 0o600 })
    expect(await restore('plain', 'beside')).toMatchObject({ code: 0, stdout: expect.stringContaining('is that of the console') })
    const there = await consoleIn(inFolder('beside'))
    expect(there.session).toBe(SECRET)
    expect(await there.passwordOf()).toBe('of the stored server')
  })

  it('says without the secret what has to be entered again, and that second factors stay closed', async () => {
    const { code, stdout } = await restore('plain', 'without')
    expect(code).toBe(0)
    expect(stdout).toMatch(/entered again: .*stored one/)
    expect(stdout).toContain('Second factors cannot be opened')
    const there = await consoleIn(inFolder('without'))
    expect(there.rows).toEqual(before)
    expect(await there.passwordOf()).toMatch(/Enter the password again/)
  })

  it('takes second factors off when that is asked for', async () => {
    const { stdout } = await restore('sealed', 'off', ['--without-secrets', '--reset-second-factors'])
    expect(stdout).toContain('Second factors taken off: 3')
    const { rows } = await consoleIn(inFolder('off'))
    expect(rows['public.two_factor']).toEqual([])
  })

  it.each<[string, string, string, Record<string, string>, RegExp]>([
    [
      'a wrong passphrase',
      'sealed',
      'refused',
      { PROCTOR_BACKUP_PASSPHRASE: 'another passphrase' },
      /The passphrase does not open the secret/,
    ],
    ['no passphrase', 'sealed', 'refused', {}, /There is no passphrase/],
    [
      'another secret beside it',
      'sealed',
      'refused',
      { PROCTOR_SECRET: 'another secret that is long enough' },
      /another secret than the one in the backup/,
    ],
    ['what is no backup', 'passphrase', 'refused', {}, /is no backup of a console/],
    ['a file that is not there', 'nowhere', 'refused', {}, /nowhere cannot be read \(ENOENT\)/],
    ['a folder with a console', 'plain', 'one', {}, /one is not empty \(console\)/],
    ['a folder with anything', 'plain', '.', {}, /is not empty/],
  ])('refuses %s in a sentence, and leaves the folder as it was', async (_what, name, data, env, sentence) => {
    const there = await readdir(inFolder(data)).catch(() => [])
    const { code, stdout, stderr } = await restore(name, data, [], env)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(sentence)
    expect(stderr).toMatch(SENTENCE)
    const left = await readdir(inFolder(data)).catch(() => [])
    expect(left.filter((found) => found !== 'console.lock')).toEqual(there.filter((found) => found !== 'console.lock'))
  })

  it.each(['SIGINT', 'SIGKILL'] as const)('leaves no console when it ends by %s, and the next one succeeds', async (signal) => {
    const data = inFolder(`ended-by-${signal}`)
    const { child, said } = start(['restore', inFolder('plain')], { PROCTOR_DATA_DIR: data, PROCTOR_SECRET: SECRET })
    await expect.poll(() => readdir(path.join(data, 'restoring', 'data')).catch(() => [])).toContain('postmaster.pid')
    child.kill(signal)
    const { code } = await said
    expect(code).not.toBe(0)
    expect(await readdir(data)).not.toContain('console')
    if (signal === 'SIGINT') expect((await readdir(data)).filter((name) => !['binaries', 'console.lock'].includes(name))).toEqual([])
    expect(await proctor(['restore', inFolder('plain')], { PROCTOR_DATA_DIR: data, PROCTOR_SECRET: SECRET })).toMatchObject({
      code: 0,
      stderr: '',
    })
    expect((await consoleIn(data)).rows).toEqual(before)
  })
})

it('restores into an empty database elsewhere, where the audit verifies, and refuses it the next time', async () => {
  const target = await testDatabase(14)
  const env = { PROCTOR_DATABASE_URL: target.url, PROCTOR_SECRET: SECRET, PROCTOR_DATA_DIR: inFolder('elsewhere') }
  const restored = await proctor(['restore', inFolder('plain')], env)
  expect(restored).toMatchObject({ code: 0, stdout: expect.stringContaining('PROCTOR_SECRET is the secret of the console') })
  expect(await proctor(['audit', 'verify', '--url', target.url], env)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^Chain unbroken/),
  })
  const { rows } = await target.client.query(`select detail from audit order by id desc limit 1`)
  expect(rows).toMatchObject([{ detail: { version: expect.any(String), secret: 'the former' } }])
  expect(await proctor(['restore', inFolder('plain')], env)).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^The database is not empty/),
  })
  await target.drop()
})
