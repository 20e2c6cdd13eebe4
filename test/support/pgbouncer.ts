import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { installFromDebian } from '../../bin/debian'
import { serverAccount } from '../../db/embedded/account'
import { freePort } from '../../db/embedded/free-port'
import type { Target } from '../../db/server/target'

interface PgbouncerOptions {
  mode: 'session' | 'transaction' | 'statement'
  /** Sessions of the server for each database and role; 10 when left out. */
  poolSize?: number
  /** Lends the session that rested longest, instead of the one that was used last. */
  roundRobin?: boolean
  /** What it has a session forget with before another gets it; nothing when left out. */
  resetQuery?: string
  /** Who may log in, beside the target's own role. */
  users?: { user: string; password: string }[]
}

export interface Pgbouncer {
  /** The same database, through the pooler. */
  target: Target
  stop: () => Promise<void>
}

/** PgBouncer in front of a test server, with SCRAM on both sides, that hands sessions on as it gets them back. Errors: throws when it cannot be had, or does not start. */
export async function startPgbouncer(
  server: Target,
  { mode, poolSize = 10, roundRobin = false, resetQuery = '', users = [] }: PgbouncerOptions,
): Promise<Pgbouncer> {
  const program = findPgbouncer()
  const folder = await mkdtemp(path.join(tmpdir(), 'proctor-pgbouncer-'))
  const port = await freePort()
  const [ini, list, log] = ['pgbouncer.ini', 'userlist.txt', 'log'].map((name) => path.join(folder, name)) as [string, string, string]
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
  const logins = [{ user: server.user, password: server.password ?? '' }, ...users]
  await writeFile(list, logins.map(({ user, password }) => `${quoted(user)} ${quoted(password)}\n`).join(''))
  await writeFile(
    ini,
    `[databases]
* = host=${server.host} port=${server.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${list}
pool_mode = ${mode}
default_pool_size = ${poolSize}
server_round_robin = ${roundRobin ? 1 : 0}
logfile = ${log}
server_reset_query = ${resetQuery}
`,
  )
  const account = await serverAccount()
  if (account) for (const file of [folder, ini, list]) await chown(file, account.uid, account.gid)
  const child = spawn(program, [ini], { ...account, cwd: '/', stdio: 'ignore' })
  await untilListening(port, child, log)
  return {
    target: { ...server, serverId: `${server.serverId}-${port}`, host: '127.0.0.1', port },
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      if (child.exitCode === null && child.kill('SIGQUIT')) await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** On the PATH or where Debian has it, else installed from there. */
function findPgbouncer(): string {
  const found = onThisMachine()
  if (found) return found
  installFromDebian('pgbouncer')
  const installed = onThisMachine()
  if (installed) return installed
  throw new Error('No PgBouncer: install the package pgbouncer')
}

const onThisMachine = (): string | undefined =>
  [...(process.env.PATH ?? '').split(path.delimiter), '/usr/sbin']
    .map((folder) => path.join(folder, 'pgbouncer'))
    .find((file) => existsSync(file))

async function untilListening(port: number, child: ChildProcess, log: string): Promise<void> {
  for (let waited = 0; waited < 20_000; waited += 50) {
    if (child.exitCode !== null) break
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect({ host: '127.0.0.1', port })
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
      socket.once('connect', () => socket.destroy())
    })
    if (open) return
    await sleep(50)
  }
  throw new Error(`PgBouncer did not start:\n${await readFile(log, 'utf8').catch(() => 'nothing in its log')}`)
}
