import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { plainEnvironment } from './plain-environment'

/** How a program is asked to end: each signal with the seconds that it has then. What still runs after the last is killed. */
export type Ending = readonly { signal: NodeJS.Signals; seconds: number }[]

export const IN_ORDER: Ending = [{ signal: 'SIGTERM', seconds: 10 }]
/** What is left of a killed process leaves within this. */
const KILLED_SECONDS = 5

const running = new Map<ChildProcess, Ending>()
let noMore = false

/**
 * Starts a program that lives no longer than this process, however that ends: also after a SIGKILL of ours it is ended as
 * `ending` says. Ctrl-C does not reach it. Errors: throws once endChildren was called.
 */
export function startChild(command: string, args: string[], options: SpawnOptions, ending: Ending = IN_ORDER): ChildProcess {
  if (noMore) throw new Error('The console is ending')
  const child = spawn(command, args, { ...options, detached: true })
  if (child.pid === undefined) return child
  const guard = startGuard(child.pid, options, ending)
  running.set(child, ending)
  child.once('exit', () => {
    running.delete(child)
    guard?.kill('SIGKILL')
  })
  return child
}

/**
 * Waits for the end of a pipe that only this process has open, and does then what endChild does. A shell, because nothing
 * smaller can be told to stay: it takes half a megabyte.
 */
function startGuard(pid: number, { uid, gid }: SpawnOptions, ending: Ending): ChildProcess | undefined {
  if (process.platform === 'win32') return undefined
  const steps = ending.map(({ signal, seconds }) => `kill -${signal.slice(3)} "$1" || exit; gone "$1" ${seconds} && exit`)
  const script = `
    gone() { n=$2; while kill -0 "$1"; do [ "$n" -gt 0 ] || return 1; sleep 1; n=$((n - 1)); done; }
    read -r line
    ${steps.join('\n')}
    kill -s KILL -- "-$1"`
  const guard = spawn('/bin/sh', ['-c', script, 'proctor-guard', String(pid)], {
    ...(uid !== undefined && { uid, gid }),
    cwd: '/',
    env: plainEnvironment(),
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  guard.on('error', () => undefined) // no shell: what a kill of ours leaves, the next start clears away
  const pipe = guard.stdin as Socket | null
  pipe?.on('error', () => undefined).unref()
  guard.unref()
  return guard
}

/** Ends a child as it was agreed at its start and waits until it has ended; one that hangs is killed in the end. */
export async function endChild(child: ChildProcess, ending: Ending = running.get(child) ?? IN_ORDER): Promise<void> {
  if (hasEnded(child)) return
  for (const { signal, seconds } of ending) {
    child.kill(signal)
    if (await endsWithin(child, seconds)) return
  }
  try {
    process.kill(process.platform === 'win32' ? (child.pid ?? 0) : -(child.pid ?? 0), 'SIGKILL') // what it started, too
  } catch {
    child.kill('SIGKILL')
  }
  await endsWithin(child, KILLED_SECONDS)
}

/** Ends all that was started; from here on nothing is started any more. */
export async function endChildren(): Promise<void> {
  noMore = true
  await Promise.all([...running.keys()].map((child) => endChild(child)))
}

/** Whether endChildren was called: what ends now ends because of that. */
export const isEnding = (): boolean => noMore

/** Resolves when a child has ended, also when it could not even be started: how, for a sentence. */
export const childEnd = (child: ChildProcess): Promise<string> =>
  new Promise((resolve) => {
    if (hasEnded(child)) resolve(howEnded(child))
    child.once('exit', () => resolve(howEnded(child))).once('error', (error) => resolve(error.message))
  })

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null || child.pid === undefined

const howEnded = ({ exitCode, signalCode }: ChildProcess): string =>
  signalCode ? `signal ${signalCode}` : exitCode === null ? 'not started' : `status ${exitCode}`

async function endsWithin(child: ChildProcess, seconds: number): Promise<boolean> {
  const waited = new AbortController()
  const ended = childEnd(child).then(() => true)
  const late = sleep(seconds * 1_000, false, { signal: waited.signal }).catch(() => false)
  const inTime = await Promise.race([ended, late])
  waited.abort()
  return inTime
}
