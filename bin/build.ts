import { createHash } from 'node:crypto'
import { readdir, readFile, rm, statfs, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { exists } from '../db/embedded/binaries'
import { childEnd, endChild, startChild } from '../db/embedded/child'
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

/** A build writes 390 MB where there was none, and less over a former one. Without room the compiler waits and says nothing. */
const LEAST_FREE_MB = 200
const LONGEST_MS = 30 * 60_000

/**
 * Makes the production build. Errors: a UserError with what the compiler said, that there is no room for it, or that it does not
 * end; those of the file system.
 */
export async function build(): Promise<void> {
  const sources = await fingerprint()
  const folder = path.dirname(MARK)
  const { bavail, bsize } = await statfs((await exists(folder)) ? folder : CHECKOUT)
  const freeMb = Math.floor((bavail * bsize) / 1e6)
  const makeRoom = `no space is left for it on the disk of ${folder}; make room`
  if (freeMb < LEAST_FREE_MB) throw new UserError(`next build: ${makeRoom}: ${freeMb} MB are free, and it needs ${LEAST_FREE_MB} or more.`)
  await rm(MARK, { force: true }) // one that is interrupted fits no sources, the former ones neither
  const next = path.join(CHECKOUT, 'node_modules', 'next', 'dist', 'bin', 'next')
  const child = startChild(process.execPath, [next, 'build'], {
    cwd: CHECKOUT,
    env: plainEnvironment({ NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' }),
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (output += text))
  const tooLong = setTimeout(() => endChild(child), LONGEST_MS)
  const ended = await childEnd(child)
  clearTimeout(tooLong)
  if (/ENOSPC|no space left on device/i.test(output)) throw new UserError(`next build: ${makeRoom}.`)
  if (ended !== 'status 0') throw new UserError(`next build failed (${ended}):\n${output}`)
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
