import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { exists } from '../db/embedded/binaries'
import { plainEnvironment } from '../db/embedded/plain-environment'
import { CHECKOUT, UserError } from './settings'

/** What the production build is made of; a change in any of it calls for a new one. */
const SOURCES = [
  'app',
  'components',
  'db',
  'public',
  'instrumentation.ts',
  'next.config.ts',
  'postcss.config.mjs',
  'proxy.ts',
  'tsconfig.json',
  'package-lock.json',
]
const MARK = path.join(CHECKOUT, '.next', 'built-from')

/** Whether the build on disk is older than the sources. */
export async function buildIsStale(): Promise<boolean> {
  if (!(await exists(MARK))) return true
  return (await readFile(MARK, 'utf8')) !== (await fingerprint())
}

/** Makes the production build. Errors: a UserError with what the compiler said. */
export async function build(): Promise<void> {
  const sources = await fingerprint()
  const next = path.join(CHECKOUT, 'node_modules', 'next', 'dist', 'bin', 'next')
  const child = spawn(process.execPath, [next, 'build'], {
    cwd: CHECKOUT,
    env: plainEnvironment({ NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' }),
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text))
  const code = await new Promise<number | null>((resolve, reject) => child.once('exit', resolve).once('error', reject))
  if (code !== 0) throw new UserError(`next build failed:\n${output}`)
  await writeFile(MARK, sources)
}

async function fingerprint(): Promise<string> {
  const hash = createHash('sha256')
  for (const source of SOURCES) {
    for (const file of await filesUnder(path.join(CHECKOUT, source))) hash.update(file).update(await readFile(file))
  }
  return hash.digest('hex')
}

async function filesUnder(place: string): Promise<string[]> {
  if (!(await exists(place))) return []
  const entries = await readdir(place, { withFileTypes: true, recursive: true }).catch(() => undefined)
  if (!entries) return [place] // a file
  return entries
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
}
