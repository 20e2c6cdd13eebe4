import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { ClusterError } from './cluster-error'
import { plainEnvironment } from './plain-environment'

const run = promisify(execFile)

/** The account that PostgreSQL runs as; undefined means: as we are. */
export interface Account {
  uid: number
  gid: number
}

/** Not the distribution's `postgres`: whoever is a superuser of another server on this machine acts as that one. */
export const ACCOUNT_NAME = 'proctor-postgres'
/** What earlier versions ran the servers as. */
export const EARLIER_ACCOUNT = 'postgres'

/** useradd gives up while another program has /etc/passwd locked. */
const TRIES = 20
const PAUSE_MS = 250

/**
 * PostgreSQL refuses to run as root. Started by root, it runs as a system account of its own, which is made where it is missing.
 * Errors: a ClusterError where it cannot be made.
 */
export async function serverAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined
  let why = ''
  for (let tried = 0; tried < TRIES; tried++) {
    if (tried > 1) await sleep(PAUSE_MS)
    const found = await accountOf(ACCOUNT_NAME)
    if (found) return found
    why = await make(ACCOUNT_NAME)
    if (why.includes('ENOENT')) break
  }
  throw new ClusterError(
    `PostgreSQL cannot run as root, and the account ${ACCOUNT_NAME} could not be made: ${why}. Make it, or start the console as another user.`,
  )
}

/** What was wrong; empty where nothing was. */
async function make(name: string): Promise<string> {
  const options = ['--system', '--user-group', '--no-create-home', '--home-dir', '/nonexistent', '--shell', '/usr/sbin/nologin']
  const env = plainEnvironment()
  env.PATH = `${env.PATH ?? ''}:/usr/sbin:/sbin`
  return run('useradd', [...options, name], { env }).then(
    () => '',
    (error: Error & { stderr?: string }) => (error.stderr || error.message).trim(),
  )
}

/** Undefined where this machine has no such account of its own. */
export async function accountOf(name: string): Promise<Account | undefined> {
  const line = (await readFile('/etc/passwd', 'utf8')).split('\n').find((entry) => entry.startsWith(`${name}:`))
  const [, , uid, gid] = line?.split(':') ?? []
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined
}
