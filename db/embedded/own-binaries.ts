import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { ACCOUNT_NAME, type Account } from './account'
import { type Binaries, exists } from './binaries'
import { ClusterError } from './cluster-error'
import { plainEnvironment } from './plain-environment'

/** The oldest major that the console database and the sample are tried on. */
const OLDEST = 14

/**
 * The binaries of another PostgreSQL on this machine. `bin` is the folder of postgres and initdb, such as
 * /usr/lib/postgresql/18/bin; `extensions` have to come with them.
 * Errors: a ClusterError that names the setting and what is wrong with it.
 */
export async function ownBinaries(bin: string, extensions: readonly string[], account: Account | undefined): Promise<Binaries> {
  const wrong = (what: string) => new ClusterError(`PROCTOR_POSTGRES_BIN: ${what}`)
  const missing: string[] = []
  for (const name of ['postgres', 'initdb']) if (!(await exists(path.join(bin, name)))) missing.push(name)
  if (missing.length > 0) throw wrong(`no ${missing.join(' and no ')} in ${bin}`)
  const who = account ? `the account ${ACCOUNT_NAME}` : 'this account'
  const ask = (name: string, ...args: string[]): Promise<string> =>
    promisify(execFile)(path.join(bin, name), args, { ...account, cwd: '/', env: plainEnvironment({ LC_ALL: 'C' }) }).then(
      ({ stdout, stderr }) => stdout + stderr,
      (error: NodeJS.ErrnoException & { stderr?: string }) => {
        if (error.code === 'EACCES') throw wrong(`${path.join(bin, name)} cannot be executed by ${who}`)
        throw wrong(`${path.join(bin, name)} ${args[0]} failed: ${(error.stderr || error.message).trim()}`)
      },
    )
  const said = await ask('postgres', '--version')
  const version = /\(PostgreSQL\) ((\d+)\S*)/.exec(said)
  if (!version) throw wrong(`${path.join(bin, 'postgres')} does not say its version but "${said.trim()}"`)
  const major = Number(version[2])
  if (major < OLDEST) throw wrong(`${bin} holds PostgreSQL ${version[1]}, older than ${OLDEST}, the oldest that Proctor runs on`)
  // initdb --show tells where share/ is, which packages move about; it makes nothing.
  const share = /^share_path=(.+)$/m.exec(await ask('initdb', '--show', '-D', '/nonexistent'))?.[1]
  if (!share) throw wrong(`${path.join(bin, 'initdb')} does not tell where its share folder is`)
  const control = (name: string) => path.join(share, 'extension', `${name}.control`)
  const absent: string[] = []
  for (const name of extensions) if (!(await exists(control(name)))) absent.push(name)
  if (absent.length > 0) {
    throw wrong(`the extensions ${absent.join(', ')} are not in ${path.join(share, 'extension')}; install the contrib package of ${major}`)
  }
  return { major, bin }
}
