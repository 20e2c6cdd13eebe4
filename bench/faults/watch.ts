import { setTimeout as sleep } from 'node:timers/promises'
import { isFinal } from '../../db/runs/run-states'
import type { RunState } from '../../db/runs/run-types'
import type { Console } from './house'
import type { Server } from './server'

const EVERY_MS = 100
/** A server that is stopped answers later, and is asked until then. */
const SERVER_MS = 60_000

export interface Ended {
  state: RunState
  at: number
  /** Where its statement was still going on when its end was told. */
  goingOn: string[]
}

export interface Watched {
  ended: Promise<Ended>
  /** Those that are asked; a failover makes another of one. */
  servers: Server[]
  stop: () => void
}

/**
 * Reads a run's state in the console database, ten times a second, past the console itself. The moment it is told as over,
 * every server is asked whether it still works on it.
 */
export function watchEnd(console: Console, runId: string, servers: Server[], database: string, statement: string): Watched {
  let stopped = false
  const ended = (async (): Promise<Ended> => {
    for (;;) {
      const [row] = await console.query<{ state: RunState }>('select state from run where id = $1', [runId]).catch(() => [])
      if (stopped || (row && isFinal(row.state))) {
        const at = Date.now()
        const all = stopped ? [] : await Promise.all(servers.map((server) => worksOn(server, database, statement)))
        return { state: row?.state ?? 'queued', at, goingOn: all.flat() }
      }
      await sleep(EVERY_MS)
    }
  })()
  ended.catch(() => undefined)
  return {
    ended,
    servers,
    stop: () => {
      stopped = true
    },
  }
}

async function worksOn(server: Server, database: string, statement: string): Promise<string[]> {
  const sql = `select pid from pg_stat_activity where datname = $1 and state = 'active' and left(query, length($2)) = $2`
  for (const until = Date.now() + SERVER_MS; Date.now() < until; await sleep(250)) {
    const rows = await server.query<{ pid: number }>('postgres', sql, [database, statement]).catch(() => null)
    if (rows) return rows.map(({ pid }) => `pid ${pid} on port ${server.port}`)
  }
  return []
}
