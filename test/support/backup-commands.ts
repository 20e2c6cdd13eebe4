import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { afterAll, beforeAll } from 'vitest'
import { writeAudit } from '../../db/console/audit'
import { closeConsole, connectConsole } from '../../db/console/client'
import { server } from '../../db/console/schema'
import { seal } from '../../db/console/sealing'
import { passwordContext } from '../../db/console/servers'
import { fillConsole } from './fill-console'
import { testConsole } from './test-console'
import type { TestDatabase } from './test-database'

export const SECRET = process.env.PROCTOR_SECRET ?? ''
export const PASSPHRASE = 'five plain words for tests'
/** The server whose password the console keeps. */
export const STORED = { id: 'stored', host: 'db.example.org', port: 5432, user: 'dba' }
/** All that a refusal says. */
export const SENTENCE = /^[^\n]+\n$/

const PROCTOR = path.resolve(import.meta.dirname, '../../bin/proctor.ts')

interface Said {
  code: number | null
  stdout: string
  stderr: string
}

/** A console with everything in it, a folder for its backups, and the command line; `shell`: what is done first where it runs. */
export function backupCommandsForTests() {
  const commands = {
    folder: '',
    source: {} as TestDatabase,
    inFolder: (name: string) => path.join(commands.folder, name),
    start(args: string[], env: Record<string, string>, shell?: string): { child: ChildProcess; said: Promise<Said> } {
      const command = [process.execPath, '--import', './bin/modules.mjs', PROCTOR, ...args]
      const [program = '', ...rest] = shell ? ['sh', '-c', `${shell} exec "$@"`, 'sh', ...command] : command
      const child = spawn(program, rest, {
        env: { ...process.env, PROCTOR_DATABASE_URL: '', PROCTOR_SECRET: '', PROCTOR_DATA_DIR: commands.inFolder('none'), ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      const said: Said = { code: null, stdout: '', stderr: '' }
      child.stdout.on('data', (text) => (said.stdout += text))
      child.stderr.on('data', (text) => (said.stderr += text))
      return { child, said: once(child, 'close').then(([code]) => ({ ...said, code })) }
    },
    proctor: (args: string[], env: Record<string, string> = {}, shell?: string) => commands.start(args, env, shell).said,
    backUp: (name: string, more: string[] = [], env: Record<string, string> = {}) =>
      commands.proctor(['backup', commands.inFolder(name), ...more], {
        PROCTOR_DATABASE_URL: commands.source.url,
        PROCTOR_SECRET: SECRET,
        ...env,
      }),
  }
  beforeAll(async () => {
    commands.folder = await mkdtemp(path.join(tmpdir(), 'proctor-backups-'))
    await chmod(commands.folder, 0o755)
    commands.source = await testConsole()
    await fillConsole(commands.source.client)
    const home = connectConsole(commands.source.url)
    const password = seal('of the stored server', passwordContext(STORED.id, STORED))
    await home.insert(server).values({
      id: STORED.id,
      name: 'stored one',
      source: 'stored',
      database: 'x',
      host: STORED.host,
      port: STORED.port,
      username: STORED.user,
      sealedPassword: password,
    })
    await home.transaction((tx) => writeAudit({ by: { email: 'ada', from: null }, action: 'x', detail: {} }, tx))
    await home.$client.end()
  })
  afterAll(async () => {
    await closeConsole()
    await commands.source.drop()
    await rm(commands.folder, { recursive: true, force: true })
  })
  return commands
}
