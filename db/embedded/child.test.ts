import { type ChildProcess, spawn } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import process from 'node:process'
import { afterEach, expect, it } from 'vitest'
import { childEnd, endChild, startChild } from './child'

/** A program that ends when it is asked to by one signal alone, and says its number once it listens. */
const program = (obeys: string, ignores: string[]) => `
  ${ignores.map((signal) => `process.on('${signal}', () => undefined)`).join('\n')}
  ${obeys && `process.on('${obeys}', () => process.exit(7))`}
  console.log(process.pid)
  setInterval(() => 0, 60_000)`

const left: number[] = []
afterEach(() => {
  for (const pid of left.splice(0)) if (isRunning(pid)) process.kill(pid, 'SIGKILL')
})

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** Neither there nor a zombie that nobody reaped. */
const isGone = async (pid: number): Promise<boolean> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  return stat === null || stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z')
}

const firstLine = (child: ChildProcess): Promise<string> =>
  new Promise((resolve) => child.stdout?.once('data', (text) => resolve(String(text).trim())))

it.each([
  ['by the signal that it obeys', 'SIGINT', [], 'status 7'],
  ['by the next one where it does not obey the first', 'SIGQUIT', ['SIGINT'], 'status 7'],
  ['by a kill where it obeys none', '', ['SIGINT', 'SIGQUIT'], 'signal SIGKILL'],
])('ends a child %s', async (_how, obeys, ignores, ended) => {
  const ending = [
    { signal: 'SIGINT', seconds: obeys === 'SIGINT' ? 60 : 0.3 },
    { signal: 'SIGQUIT', seconds: obeys === 'SIGQUIT' ? 60 : 0.3 },
  ] as const
  const child = startChild(process.execPath, ['-e', program(obeys, ignores)], { stdio: ['ignore', 'pipe', 'inherit'] }, ending)
  await firstLine(child)
  await endChild(child)
  expect(await childEnd(child)).toBe(ended)
})

it('ends one that does not even run', async () => {
  const child = startChild(process.execPath, ['-e', program('SIGTERM', [])], { stdio: ['ignore', 'pipe', 'inherit'] }, [
    { signal: 'SIGTERM', seconds: 0.3 },
  ])
  await firstLine(child)
  child.kill('SIGSTOP')
  await endChild(child)
  expect(await childEnd(child)).toBe('signal SIGKILL')
})

/** A process of ours that starts a child, says its number, and is killed. */
async function killedParent(obeys: string, ignores: string[]): Promise<number> {
  const text = `
    import { startChild } from ${JSON.stringify(import.meta.resolve('./child.ts'))}
    const ending = [{ signal: 'SIGINT', seconds: 2 }]
    const child = startChild(process.execPath, ['-e', ${JSON.stringify(program(obeys, ignores))}], { stdio: ['ignore', 'inherit', 'inherit'] }, ending)
    setInterval(() => 0, 60_000)`
  const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', text], { stdio: ['ignore', 'pipe', 'inherit'] })
  const pid = Number(await firstLine(parent))
  left.push(pid)
  expect(isRunning(pid)).toBe(true)
  parent.kill('SIGKILL')
  return pid
}

it('lets no child outlive a parent that was killed', async () => {
  const pid = await killedParent('SIGINT', [])
  await expect.poll(() => isGone(pid)).toBe(true)
})

it('lets not even one outlive it that obeys nothing', async () => {
  const pid = await killedParent('', ['SIGINT'])
  await expect.poll(() => isGone(pid)).toBe(true)
})

it('has nothing to guard once a child has ended', async () => {
  const guardsOf = async (pid: number) =>
    (await Promise.all((await pids()).map((one) => readFile(`/proc/${one}/cmdline`, 'utf8').catch(() => '')))).filter((line) =>
      line.includes(`proctor-guard\0${pid}\0`),
    ).length
  const child = startChild(process.execPath, ['-e', program('SIGTERM', [])], { stdio: ['ignore', 'pipe', 'inherit'] })
  await firstLine(child)
  const pid = child.pid ?? 0
  expect(await guardsOf(pid)).toBe(1)
  await endChild(child)
  await expect.poll(() => guardsOf(pid)).toBe(0)
})

const pids = async (): Promise<string[]> => {
  return (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
}
