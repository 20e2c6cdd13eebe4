import { readdir, readFile } from 'node:fs/promises'
import type { Building } from './building'

/** What is read every ten seconds; `what` is a column of the table at the end. */
export interface Reading {
  who: string
  what: 'memory, MB' | 'descriptors' | 'connections'
  value: number
}

/** Growth that is none: caches that fill, a garbage collection that has not come yet. */
const SLACK: Record<Reading['what'], { times: number; more: number }> = {
  'memory, MB': { times: 1.25, more: 40 },
  descriptors: { times: 1.2, more: 8 },
  connections: { times: 1.2, more: 3 },
}

const SCRIPTS = { 'bin/launch.ts': 'launcher', 'bin/worker.ts': 'worker', 'bin/web.ts': 'web' }

export async function read({ launched, second, server }: Building): Promise<Reading[]> {
  const family = await launched.family().catch(() => [])
  const readings: Reading[] = []
  for (const pid of family) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    const [, who] = Object.entries(SCRIPTS).find(([script]) => command.includes(script)) ?? []
    if (who) readings.push(...(await ofProcess(who, pid)))
  }
  readings.push(...(await ofProcess('second worker', second().pid ?? 0)))
  const count = async (who: string, ask: () => Promise<{ n: number }[]>) => {
    const rows = await ask().catch(() => [])
    for (const { n } of rows) readings.push({ who, what: 'connections', value: n })
  }
  const ours = `select count(*)::int as n from pg_stat_activity where application_name like 'proctor%'`
  await count('console database', () => launched.console.query(ours))
  await count('monitored server', () => server.query('postgres', ours))
  return readings
}

async function ofProcess(who: string, pid: number): Promise<Reading[]> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  const open = await readdir(`/proc/${pid}/fd`).catch(() => [])
  if (status === '') return []
  const memory = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024
  return [
    { who, what: 'memory, MB', value: memory },
    { who, what: 'descriptors', value: open.length },
  ]
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

/** The median of the first third against that of the last; one high reading says nothing. */
export function growth(readings: Reading[]) {
  const groups = Map.groupBy(readings, ({ who, what }) => `${who}: ${what}`)
  return [...groups].map(([name, all]) => {
    const third = Math.ceil(all.length / 3)
    const values = all.map(({ value }) => value)
    const [first, last] = [median(values.slice(0, third)), median(values.slice(-third))]
    const { times, more } = SLACK[all[0]?.what ?? 'connections']
    return {
      name,
      'first third': Math.round(first),
      'last third': Math.round(last),
      most: Math.round(Math.max(...values)),
      readings: all.length,
      flat: last <= first * times + more ? 'yes' : 'no',
    }
  })
}
