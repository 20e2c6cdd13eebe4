import { readdirSync, readFileSync } from 'node:fs'

/** Time of processors by Linux's own account (proc(5)): where other work shares the machine, the clock on the wall tells of that too. */

/** Ticks of the counters in /proc a second: USER_HZ, 100 on every architecture that Node runs on. */
const TICK_MS = 10

interface Stat {
  pid: number
  ppid: number
  /** ms: of the process, and of its children that have ended. */
  own: number
  ended: number
}

function statOf(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name, in parentheses, may hold anything; what follows it is counted from field 3 on.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const field = (number: number) => Number(fields[number - 3])
    return { pid, ppid: field(4), own: (field(14) + field(15)) * TICK_MS, ended: (field(16) + field(17)) * TICK_MS }
  } catch {
    return undefined // it has ended meanwhile
  }
}

const processes = (): Stat[] => readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (statOf(Number(name)) ?? []) : []))

/** ms of processors that a process has taken so far. */
export const cpuMs = (pid: number): number => statOf(pid)?.own ?? 0

/** ms of processors that a PostgreSQL server has taken so far, with all its backends, those that have ended too. */
export function serverCpuMs(postmaster: number): number {
  const own = statOf(postmaster)
  const backends = processes().filter(({ ppid }) => ppid === postmaster)
  return backends.reduce((sum, { own }) => sum + own, (own?.own ?? 0) + (own?.ended ?? 0))
}

export function parentOf(pid: number): number {
  const found = statOf(pid)
  if (!found) throw new Error(`There is no process ${pid}`)
  return found.ppid
}

/** The processes below one, with their command lines. */
export function descendants(pid: number): { pid: number; args: string }[] {
  const all = processes()
  const below = (of: number): Stat[] => all.filter(({ ppid }) => ppid === of).flatMap((one) => [one, ...below(one.pid)])
  return below(pid).map((one) => ({ pid: one.pid, args: readFileSync(`/proc/${one.pid}/cmdline`, 'utf8').replaceAll('\0', ' ') }))
}
