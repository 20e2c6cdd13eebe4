import { type ChildProcess, spawn } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { afterEach, beforeEach, expect, it } from 'vitest'

let folder: string
const claimants: ChildProcess[] = []
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'proctor-claim-'))
})
afterEach(async () => {
  for (const child of claimants.splice(0)) child.kill('SIGKILL')
  await rm(folder, { recursive: true, force: true })
})

/** A process that claims the folder at a moment, holds it until it is told to release it, and says what it got. */
const CLAIM = `
  import { claimFolder } from ${JSON.stringify(import.meta.resolve('./claim-folder.ts'))}
  const [folder, at] = process.argv.slice(-2)
  while (Date.now() < Number(at)) {}
  try {
    const claim = await claimFolder(folder)
    process.on('SIGTERM', () => claim.release().then(() => process.exit()))
    console.log('has it' + (claim.afterCrash ? ' after a crash' : ''))
    setInterval(() => 0, 60_000)
  } catch (error) {
    console.log(error.message)
  }`

async function claimant(at = 0, more: { uid?: number } = {}): Promise<{ said: string; child: ChildProcess }> {
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', CLAIM, '--', folder, String(at)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    ...more,
  })
  claimants.push(child)
  const said = await new Promise<string>((resolve) => child.stdout?.once('data', (text) => resolve(String(text).trim())))
  return { said, child }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill(signal)
  await ended
}

const REFUSED = /^A console already runs on \S+ \(process \d+\); stop it, or set PROCTOR_DATA_DIR to another folder\.$/

it.each([
  ['none before', null],
  ['one that has ended', '999999'],
  ['a number that another program has now', String(process.pid)],
  ['nothing to read', '\0'],
])('is given to one of six that come at the same moment, after %s', async (_before, former) => {
  if (former !== null) await writeFile(path.join(folder, 'console.pid'), former)
  const at = Date.now() + 3_000
  const all = await Promise.all(Array.from({ length: 6 }, () => claimant(at)))
  const winners = all.filter(({ said }) => said.startsWith('has it'))
  expect(winners).toHaveLength(1)
  expect(winners[0]?.said).toBe(former === null ? 'has it' : 'has it after a crash')
  for (const { said } of all) if (!said.startsWith('has it')) expect(said).toMatch(/^A console already runs on /)
  expect(await readFile(path.join(folder, 'console.pid'), 'utf8')).toBe(String(winners[0]?.child.pid))
})

it('ends with its process, however that ends, and the next one knows how', async () => {
  const first = await claimant()
  expect((await claimant()).said).toMatch(REFUSED)
  await end(first.child, 'SIGKILL')
  const second = await claimant()
  expect(second.said).toBe('has it after a crash')
  await end(second.child, 'SIGTERM')
  const third = await claimant()
  expect(third.said).toBe('has it')
  third.child.kill('SIGSTOP') // one that hangs has it still
  expect((await claimant()).said).toMatch(REFUSED)
})

it.runIf(process.getuid?.() === 0)('is not given to another user, whose permissions do not matter', async () => {
  await chmod(folder, 0o777)
  const first = await claimant()
  expect(first.said).toBe('has it')
  expect((await claimant(0, { uid: 54_321 })).said).toMatch(/EACCES/)
  await end(first.child, 'SIGKILL')
  await rm(path.join(folder, 'console.lock'))
  await rm(path.join(folder, 'console.pid'))
  const other = await claimant(0, { uid: 54_321 })
  expect(other.said).toBe('has it')
  expect((await claimant()).said).toMatch(REFUSED)
})
