import { inArray, ne, sql } from 'drizzle-orm'
import { pauseAll } from '../runs/policies'
import { isFinal, TRANSITIONS } from '../runs/run-states'
import type { RunState } from '../runs/run-types'
import { logRun, moveRun } from '../runs/runs'
import { readCluster } from '../server/cluster'
import { failed, ok, type Result } from '../server/problem'
import { writeAudit } from './audit'
import { type ConsoleDb, consoleDb } from './client'
import { consoleRow } from './console-id'
import { type ConsoleDatabase, type Difference, type Doubt, differences, type Home, merged, type Place } from './place'
import { type By, PROCTOR } from './roles'
import { ownConsole, run, session } from './schema'
import type { ConsoleWriter } from './writer'

/**
 * Compares where the console is with where it was, at each start of a launcher or a worker by itself, before anything looks at a monitored
 * server. `home`: the data folder that holds the console database; null where the settings name another. Without a difference the place
 * is written down anew; with one the console is in doubt until somebody answers (answerMoved, answerCopied). A start at the place that was
 * written down ends a doubt, unless a backup was restored. Returns the doubt. Errors: throws as node-postgres does.
 */
export async function settlePlace(home: Home | null, address: string, db: ConsoleDb = consoleDb()): Promise<Doubt | null> {
  const is: Place = { home, database: await databaseOf(db, home ? null : address) }
  return db.transaction(async (tx) => {
    const { id, place: was, doubt } = await lockedRow(tx)
    const kept = (doubt?.because ?? []).filter(({ what }) => what === 'restored' || (home === null && OF_HOME.has(what)))
    const because = [...kept, ...(was ? differences(was, is) : [])]
    const place = merged(because.length > 0 ? (doubt?.place ?? was) : was, is)
    const next: Doubt | null = because.length > 0 ? { at: doubt?.at ?? new Date().toISOString(), because, place } : null
    await tx.update(ownConsole).set(next ? { doubt: next } : { doubt: null, place })
    if (next && !doubt) await writeAudit({ by: PROCTOR, action: 'console.doubted', detail: { console: id, because } }, tx)
    return next
  })
}

/** What only a start beside the data folder sees. */
const OF_HOME: ReadonlySet<Difference['what']> = new Set(['machine', 'folder', 'directory'])

/** `address`: of a database that the settings name. */
async function databaseOf(db: ConsoleDb, address: string | null): Promise<ConsoleDatabase> {
  const { rows } = await db.execute<{ oid: number }>(sql`select oid::int8::int as oid from pg_database where datname = current_database()`)
  const cluster = await readCluster((text) => db.$client.query(text)).catch((error: { code?: unknown }) => {
    if (error.code === INSUFFICIENT_PRIVILEGE) return null
    throw error
  })
  return {
    systemIdentifier: cluster?.systemIdentifier ?? null,
    oid: rows[0]?.oid ?? 0,
    timeline: cluster?.timeline ?? null,
    addresses: address === null ? [] : [addressWords(address)],
  }
}

const INSUFFICIENT_PRIVILEGE = '42501'

const addressWords = (url: string): string => {
  const { hostname, port, pathname } = new URL(url)
  return `${hostname.toLowerCase()}:${port || 5432}${pathname}`
}

async function lockedRow(tx: ConsoleWriter) {
  await tx.execute(sql`select from ${ownConsole} for update`)
  return consoleRow(tx)
}

/** Which doubt is answered: `at` of the one that was shown; null: whichever there is. */
async function doubtedRow(tx: ConsoleWriter, at: string | null) {
  const row = await lockedRow(tx)
  if (!row.doubt) return failed('conflict', 'There is no question open for this console.')
  if (at !== null && row.doubt.at !== at) return failed('conflict', 'The question has changed. Read it again.')
  return ok({ ...row, doubt: row.doubt })
}

/**
 * The same console at another place: it goes on as it was, and looks after its runs that are going on. Of a database that was restored or
 * promoted the queued ones end: what has been carried out since the backup, nobody here knows. Errors: conflict (nothing to answer).
 */
export const answerMoved = (by: By, at: string | null, db: ConsoleDb = consoleDb()): Promise<Result<{ id: string }>> =>
  db.transaction(async (tx) => {
    const row = await doubtedRow(tx, at)
    if (!row.ok) return row
    const { id, doubt, place } = row.value
    await tx.update(ownConsole).set({ doubt: null, place: doubt.place })
    const runs = mayBeBehind(doubt)
      ? await endRuns(
          ['queued'],
          'This console was restored or promoted: whether the run has been carried out since is not known. Confirm it again.',
          tx,
        )
      : []
    if (mayBeBehind(doubt)) await pauseAll('This console was restored or promoted: what became of the policy since is not known.', tx)
    await writeAudit(
      { by, action: 'console.moved', detail: { console: id, because: doubt.because, was: place, is: doubt.place, runs } },
      tx,
    )
    return ok({ id })
  })

/**
 * A console of its own from here on: a new id; its open runs end, as they are the other console's, and nothing is sent or cancelled at a
 * server for it; everybody is signed out but the session `keep`. Errors: conflict (nothing to answer).
 */
export const answerCopied = (
  by: By,
  at: string | null,
  keep: string | null,
  db: ConsoleDb = consoleDb(),
): Promise<Result<{ id: string }>> =>
  db.transaction(async (tx) => {
    const row = await doubtedRow(tx, at)
    if (!row.ok) return row
    const { id: was, doubt } = row.value
    const renewed = { id: sql`default`, madeAt: sql`default`, doubt: null, place: doubt.place }
    const [made] = await tx.update(ownConsole).set(renewed).returning({ id: ownConsole.id })
    const id = made?.id ?? was
    const runs = await endRuns(OPEN, `This console is a copy: the run was left to the console that it was copied from (${was}).`, tx)
    await pauseAll(`This console is a copy: the policy is also in the console that it was copied from (${was}).`, tx)
    await tx.delete(session).where(keep === null ? undefined : ne(session.id, keep))
    await writeAudit({ by, action: 'console.copied', detail: { console: id, copyOf: was, because: doubt.because, runs } }, tx)
    return ok({ id })
  })

/** Whether what is stored here may be older than what was done: of another database than before, not of another place of the same. */
export const mayBeBehind = ({ because }: Doubt): boolean => because.some(({ what }) => !OF_HOME.has(what))

const OPEN = (Object.keys(TRANSITIONS) as RunState[]).filter((state) => !isFinal(state))

/** Ends runs in the console alone: whatever a server does for them goes on there. Returns their ids. */
async function endRuns(states: RunState[], why: string, tx: ConsoleWriter): Promise<string[]> {
  const open = await tx.select().from(run).where(inArray(run.state, states)).orderBy(run.id)
  for (const { id, state: from, serverId, database, progress } of open) {
    const [state, sent] =
      from === 'queued'
        ? (['cancelled', 'Nothing was sent from here.'] as const)
        : (['lost', 'What became of it is not known here.'] as const)
    const problem = failed('conflict', `${why} ${sent}`).problem
    const last = progress && { ...progress, waitingFor: [], blocking: 0 }
    await moveRun(String(id), state, { endedAt: new Date(), problem, progress: last }, { db: tx })
    await logRun(String(id), 'error', problem.message, tx)
    await writeAudit({ by: PROCTOR, action: `run.${state}`, serverId, database, runId: String(id), detail: { problem } }, tx)
  }
  return open.map(({ id }) => String(id))
}
