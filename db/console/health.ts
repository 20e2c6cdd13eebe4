import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { consoleDb, consoleUrl } from './client'
import { type ConsoleFault, consoleFault, consoleFaultOf } from './console-fault'
import { writeProbe } from './schema'

/** What stands in the way; null: nothing. Where nothing can be read, nothing can be written either. */
export interface ConsoleHealth {
  reads: ConsoleFault | null
  writes: ConsoleFault | null
}

/** What was found is good for so long: however many ask, the database is asked no more often. */
const KEEP_MS = { reads: 200, writes: 5_000 }
/** A try is given up by the server after so long, ms. */
const TRY_MS = 1_200
/** Whoever gives no limit of their own waits this long at the most. */
const WITHIN_MS = 1_500

type Found = { at: number; fault: ConsoleFault | null }

interface Probe {
  found?: Found
  asking?: Promise<ConsoleFault | null>
}

const shared = globalThis as { proctorConsoleProbes?: Map<string, Probe> }

/** One of each a process and database: the development server reloads modules. */
function probeOf(name: 'reads' | 'writes'): Probe {
  shared.proctorConsoleProbes ??= new Map()
  const key = `${name} ${consoleUrl()}`
  const probe = shared.proctorConsoleProbes.get(key) ?? {}
  shared.proctorConsoleProbes.set(key, probe)
  return probe
}

/** Asks unless it is known; never twice at the same time. What is not known within the limit counts as no answer. */
async function known(name: 'reads' | 'writes', ask: () => Promise<unknown>, within: number): Promise<ConsoleFault | null> {
  const probe = probeOf(name)
  if (probe.found && performance.now() - probe.found.at < KEEP_MS[name]) return probe.found.fault
  probe.asking ??= ask()
    .then(
      () => null,
      // Whatever it was, the database did not do what it was asked for; who holds the row of the probe proves nothing.
      (error: unknown) => (consoleFaultOf(error)?.kind === 'deadlock' ? null : (consoleFaultOf(error) ?? consoleFault('other'))),
    )
    .then((fault) => {
      probe.found = { at: performance.now(), fault }
      probe.asking = undefined
      return fault
    })
  const over = new AbortController()
  const late = sleep(within, consoleFault('hanging'), { signal: over.signal, ref: false }).catch(() => null)
  return Promise.race([probe.asking, late]).finally(() => over.abort())
}

/** Why the console database cannot be read; null: it can. `within`: how long to wait for it at the most, ms. */
export const readFault = (within = WITHIN_MS): Promise<ConsoleFault | null> =>
  known('reads', () => consoleDb().execute(sql`select /* proctor:ready */ 1`), within)

/** Both, within the limit. Not asked to write is a database that cannot be read. */
export async function consoleHealth(within = WITHIN_MS): Promise<ConsoleHealth> {
  const started = performance.now()
  const reads = await readFault(within)
  const left = within - (performance.now() - started)
  return { reads, writes: reads ?? (await known('writes', tryToWrite, Math.max(left, 1))) }
}

/**
 * A row is written, and committed. It fits where its former version was and so needs no room: a set of a megabyte, larger than work_mem
 * and so kept in a temporary file (manual, 19.4.1), tells whether there is any on the disk.
 */
const tryToWrite = (): Promise<unknown> =>
  consoleDb().transaction(async (tx) => {
    await tx.execute(
      sql`select set_config('statement_timeout', ${String(TRY_MS)}, true), set_config('lock_timeout', ${String(TRY_MS / 2)}, true)`,
    )
    const at = new Date()
    await tx.insert(writeProbe).values({ id: 1, at }).onConflictDoUpdate({ target: writeProbe.id, set: { at } })
    await tx.execute(sql`select set_config('work_mem', '64kB', true), set_config('temp_tablespaces', '', true)`)
    await tx.execute(sql`select /* proctor:room */ count(*) from generate_series(1, 40000)`)
  })
