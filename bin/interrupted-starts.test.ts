import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Launched, launch, processesOn } from '../test/support/launcher'

/**
 * A start that is interrupted leaves nothing running, wherever it was and whatever ended it, and the next start goes through.
 * What comes after the build is in e2e/launcher.spec.ts.
 */

let folder: string
let data: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'proctor-interrupted-'))
  await chmod(folder, 0o755)
  data = path.join(folder, 'data')
})
afterEach(async () => {
  for (const { child } of all.splice(0)) child.kill('SIGKILL')
  await rm(folder, { recursive: true, force: true })
})

const all: Launched[] = []
async function start(mounts?: string): Promise<Launched> {
  const settings = { PROCTOR_DATA_DIR: data, ...(mounts ? {} : { PROCTOR_DEVELOPMENT: '1' }), PROCTOR_SAMPLE_SCALE: '0.05' }
  const launched = await launch(settings, { mounts })
  all.push(launched)
  return launched
}

const runs = (what: RegExp) =>
  expect.poll(async () => (await processesOn(folder)).filter((line) => what.test(line)).length, { interval: 30 })

const PHASES: { name: string; reached: (launched: Launched) => Promise<unknown> }[] = [
  { name: 'initdb', reached: () => runs(/initdb/).toBeGreaterThan(0) },
  { name: 'the start of the console database', reached: () => runs(/bin\/postgres -D \S*console/).toBeGreaterThan(0) },
  { name: 'the start of the sample server', reached: ({ says }) => says(/Starting PostgreSQL for the sample/) },
  { name: 'the making of the sample', reached: ({ says }) => says(/Making the sample/) },
]

describe.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const)('%s', (signal) => {
  it.each(PHASES)('in $name', async ({ reached }) => {
    const launched = await start()
    await reached(launched)
    expect(launched.child.exitCode).toBeNull()
    launched.child.kill(signal)
    expect(await launched.ended).toEqual(signal === 'SIGKILL' ? { code: null, signal } : { code: 0, signal: null })
    // In order it ends after everything else; killed, it can only be followed.
    if (signal !== 'SIGKILL') expect(await processesOn(folder)).toEqual([])
    await expect.poll(() => processesOn(folder)).toEqual([])
    expect(launched.said.stderr).toBe('')
  })
})

it('goes through after all of them', async () => {
  for (const { reached } of PHASES) {
    const launched = await start()
    await reached(launched)
    launched.child.kill('SIGKILL')
    await launched.ended
  }
  const last = await start()
  expect(await last.says(/Making the sample/)).toBe(true)
  last.child.kill('SIGTERM')
  expect(await last.ended).toEqual({ code: 0, signal: null })
  expect(await processesOn(folder)).toEqual([])
})

describe.runIf(process.getuid?.() === 0).each(['SIGTERM', 'SIGKILL'] as const)('%s in the build', (signal) => {
  it('ends the build, too', async () => {
    const build = path.resolve(import.meta.dirname, '../.next')
    const launched = await start(`mkdir -p '${build}'; mount -t tmpfs tmpfs '${build}'`)
    const compilers = async () => (await processesOn(build.replace(/\.next$/, 'node_modules/next/dist/bin/next'))).length
    await expect.poll(compilers).toBeGreaterThan(0)
    launched.child.kill(signal)
    await launched.ended
    await expect.poll(compilers).toBe(0)
  })
})
