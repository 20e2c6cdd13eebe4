import { spawn } from 'node:child_process'
import { chmod, lchown, link, lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { ACCOUNT_NAME, accountOf } from './account'
import { type Cluster, startCluster } from './cluster'
import { takeOver } from './data-files'
import { freePort } from './free-port'
import { keepRunning } from './keep-running'

/** What keeps the console apart from its servers. As root they have an account of their own; as another user they have ours. */
const isRoot = process.getuid?.() === 0
const SECRETS = {
  PROCTOR_SECRET: 'told-to-nobody-1',
  PROCTOR_CONSOLE_URL: 'postgresql://console:told-to-nobody-2@127.0.0.1/proctor',
  DATABASE_URL: 'postgresql://app:told-to-nobody-3@db.example.org/app',
  PROCTOR_OIDC_CLIENT_SECRET: 'told-to-nobody-4',
  PROCTOR_METRICS_TOKEN: 'told-to-nobody-5',
  NAMED_LIKE_NOTHING: 'told-to-nobody-6',
}
const TOLD = /told-to-nobody|one-password/

let folder: string
let server: Cluster | undefined
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'proctor-apart-'))
  await chmod(folder, 0o755)
})
beforeEach(() => {
  for (const [name, value] of Object.entries(SECRETS)) vi.stubEnv(name, value)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await server?.stop('immediate')
  server = undefined
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const options = async () => ({ major: 18 as const, folder: path.join(folder, 'one'), port: await freePort(), password: 'one-password' })
const start = async () => {
  server = await startCluster(await options())
  return server
}

async function processesOf(dataDir: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const places = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => '')))
  return pids.filter((_, at) => places[at] === dataDir)
}

/** What a superuser's COPY … TO PROGRAM sees of the machine. */
async function shell(command: string): Promise<string> {
  const client = new Client({ connectionString: server?.url })
  await client.connect()
  try {
    await client.query('create temporary table said (line text)')
    await client.query(`copy said from program '${command.replaceAll("'", "''")}' with (format csv, delimiter e'\\x01', quote e'\\x02')`)
    const { rows } = await client.query(`select coalesce(string_agg(line, e'\\n'), '') as said from said`)
    return rows[0].said
  } finally {
    await client.end()
  }
}

it('hands its servers an allow-list of variables, and no secret on a command line', async () => {
  const { dataDir } = await start()
  const pids = await processesOf(dataDir)
  expect(pids.length).toBeGreaterThan(4)
  const read = (what: string) => Promise.all(pids.map((pid) => readFile(`/proc/${pid}/${what}`, 'utf8').catch(() => ''))) // it may have ended
  const [environments, commands] = await Promise.all([read('environ'), read('cmdline')])
  expect(environments.some((text) => text.includes('PATH='))).toBe(true) // most have written their title over it
  for (const text of [...environments, ...commands]) expect(text).not.toMatch(TOLD)
  const names = (await shell('env')).split('\n').map((line) => line.split('=')[0] ?? '')
  const ofPostgres = (name: string) => /^(PG|PWD$|SHLVL$|_$|LC_|LANG$)/.test(name)
  const PASSED = ['PATH', 'LD_LIBRARY_PATH', 'TZ']
  expect(names.filter((name) => !ofPostgres(name) && !PASSED.includes(name))).toEqual([])
})

it('runs them as an account of its own where root starts it, which reaches nothing of the console', async () => {
  const secret = path.join(folder, 'secrets.json')
  await writeFile(secret, 'told-to-nobody-7', { mode: 0o600 })
  const { dataDir } = await start()
  expect(await shell('id -un')).toBe(isRoot ? ACCOUNT_NAME : userInfo().username)
  const tried = `cat ${secret} /proc/${process.pid}/environ ${folder}/one/server.log 2>/dev/null | tr -d "\\0"; ls ${folder}/one 2>/dev/null; true`
  if (isRoot) expect(await shell(tried)).toBe('')
  expect((await stat(dataDir)).mode & 0o077).toBe(0)
  expect((await stat(path.join(folder, 'one/server.log'))).mode & 0o077).toBe(0)
})

it('follows none of the links that a superuser of a server can leave for its next start', async () => {
  const victim = path.join(folder, 'victim')
  await writeFile(victim, 'as it was', { mode: 0o600 })
  const before = await lstat(victim)
  const { dataDir } = await start()
  await server?.stop()
  for (const name of ['proctor.conf', 'postgresql.auto.conf.good', 'postgresql.auto.conf.refused', '../server.log', '../keeper.pid']) {
    await rm(path.join(dataDir, name), { force: true })
    await symlink(victim, path.join(dataDir, name))
  }
  const kept = await keepRunning(await options(), { say: () => undefined })
  await kept.stop('immediate')
  expect(await readFile(victim, 'utf8')).toBe('as it was')
  expect(await lstat(victim)).toMatchObject({ uid: before.uid, gid: before.gid, mode: before.mode, nlink: 1 })
  await rm(path.join(dataDir, 'postgresql.conf'))
  await symlink(victim, path.join(dataDir, 'postgresql.conf'))
  await expect(start()).rejects.toThrow(/postgresql\.conf is missing, or leads elsewhere/)
  await rm(path.join(folder, 'one'), { recursive: true })
})

it('signals no process of another account, whatever number stands in postmaster.pid', async () => {
  const { dataDir } = await start()
  await server?.stop()
  const other = spawn(process.execPath, ['-e', 'setInterval(() => 0, 60_000)', dataDir], { cwd: '/' })
  const ended = new Promise<NodeJS.Signals | null>((resolve) => other.once('exit', (_, signal) => resolve(signal)))
  await writeFile(path.join(dataDir, 'postmaster.pid'), `${other.pid}\n${dataDir}\n1790000000\n`)
  await start()
  if (!isRoot) expect(await ended).toBe('SIGINT') // nothing tells it from a server of ours
  other.kill('SIGKILL')
  expect(await ended).toBe(isRoot ? 'SIGKILL' : 'SIGINT')
})

it.runIf(isRoot)('takes over what an earlier version made under another account, and nothing that lies elsewhere', async () => {
  const { dataDir } = await start()
  await server?.stop()
  const account = await accountOf(ACCOUNT_NAME)
  if (!account) throw new Error('no account')
  const earlier = { uid: 54_321, gid: 54_321 }
  const outside = path.join(folder, 'outside')
  await mkdir(outside)
  await writeFile(path.join(outside, 'file'), '')
  await symlink(outside, path.join(dataDir, 'pg_tblspc/16000'))
  await link(path.join(outside, 'file'), path.join(dataDir, 'second-name'))
  for (const name of await readdir(folder, { recursive: true })) await lchown(path.join(folder, name), earlier.uid, earlier.gid)
  await expect(start()).rejects.toThrow(/belongs to the account with the number 54321/)
  await expect(takeOver(dataDir, 'no such marker', account, earlier)).rejects.toThrow(/chown/)
  await takeOver(dataDir, 'proctor.conf', account, earlier)
  expect((await lstat(outside)).uid).toBe(earlier.uid)
  expect((await lstat(path.join(outside, 'file'))).uid).toBe(earlier.uid)
  await rm(path.join(dataDir, 'second-name'))
  await rm(path.join(dataDir, 'pg_tblspc/16000'))
  await start()
  expect(await shell('id -un')).toBe(ACCOUNT_NAME)
  const owners = await Promise.all(
    (await readdir(dataDir, { recursive: true })).map(async (name) => (await lstat(path.join(dataDir, name))).uid),
  )
  expect(new Set(owners)).toEqual(new Set([account.uid]))
})
