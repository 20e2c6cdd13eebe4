import { setTimeout as sleep } from 'node:timers/promises'
import type { Before, Done, Measured } from '../commands/define-command'
import { sizesOf } from '../commands/facts/load'
import { indexByName, relationStates } from '../commands/facts/state'
import { adviceFor, leftoverIndexes } from '../commands/leftovers'
import type { ListedCommand } from '../commands/registry'
import type { Leftover, Run, RunReceipt } from '../console/run-types'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'
import { deadOf } from './check-again'

/** 14 passes counters on by a process of its own, at most every 500 ms; later majors at once. */
const COUNTERS_SETTLE_MS = 3_000
/** A VACUUM VERBOSE of thousands of partitions says more than anybody reads. */
const NOTICES_KEPT = 500

export type Measurement = Pick<
  RunReceipt,
  'bytesBefore' | 'bytesAfter' | 'deadBefore' | 'deadAfter' | 'checkedAfter' | 'leftovers' | 'restart' | 'undo'
> & {
  /** Lines of the server's log. */
  notices?: string[]
  /** The index as it is now, whose OID a concurrent rebuild has changed. */
  index: { oid: number; relfilenode: number } | null
}

/** What a run gave, read from the object itself after it ended, however it ended. */
export async function measureAfter(run: Run, target: Target, command: ListedCommand, before: Before): Promise<Measurement> {
  const { bytes: bytesBefore, dead: deadBefore } = before
  const leftovers = command.measures === 'nothing' ? [] : await findLeftovers(target, before.object.relid, run.plan.halfway ?? null)
  const common = { bytesBefore, deadBefore, leftovers, index: null }
  if (command.measures === 'relation') return { ...common, ...(await indexAfter(target, before)) }
  if (command.measures === 'nothing') {
    const { checkedAfter, ...looked } = (await command.look?.(target, before, run.plan)) ?? {}
    return {
      ...common,
      bytesAfter: null,
      deadAfter: null,
      ...looked,
      checkedAfter: checkedAfter ?? (await effectOf(target, command, before)),
    }
  }
  const deadAfter = deadBefore === null ? null : await deadRows(target, command, before)
  const sizes = await sizesOf(target, before.object.oid)
  const checkedAfter = await tableCheck(run, target, command, before)
  return { ...common, bytesAfter: sizes.ok ? sizes.value[command.measures as Exclude<Measured, 'nothing'>] : null, deadAfter, checkedAfter }
}

const EFFECTS: Record<Done, string> = { yes: 'took effect', partly: 'took effect in part', no: 'took no effect' }

async function effectOf(target: Target, command: ListedCommand, before: Before): Promise<string> {
  const done = await command.done(target, before)
  return done.ok ? EFFECTS[done.value] : `could not look: ${done.problem.message}`
}

async function indexAfter(
  target: Target,
  { object }: Before,
): Promise<Pick<Measurement, 'bytesAfter' | 'deadAfter' | 'checkedAfter' | 'index'>> {
  const named = await runRead(target, indexByName, { schemaname: object.schemaname, relname: object.relname })
  if (!named.ok) return { bytesAfter: null, deadAfter: null, checkedAfter: `could not look: ${named.problem.message}`, index: null }
  const [index] = named.value
  if (!index) return { bytesAfter: 0, deadAfter: null, checkedAfter: 'gone', index: null }
  const sizes = await sizesOf(target, index.oid)
  const { indisvalid, indisready, indislive, oid, relfilenode } = index
  const checkedAfter = [indisvalid ? 'valid' : 'invalid', indisready ? 'ready' : 'not ready', indislive ? 'live' : 'not live'].join(', ')
  return { bytesAfter: sizes.ok ? sizes.value.relation : null, deadAfter: null, checkedAfter, index: { oid, relfilenode } }
}

const DONE_WORDS: Record<string, string> = {
  'reindex-table': 'every index rebuilt',
  'vacuum-table': 'vacuumed, says pg_stat_all_tables',
  'analyze-table': 'analyzed, says pg_stat_all_tables',
  'refresh-materialized-view': 'refreshed',
}

const BUILT: Record<Done, string> = { yes: 'valid', partly: 'invalid', no: 'not there' }

async function tableCheck(run: Run, target: Target, command: ListedCommand, before: Before): Promise<string> {
  const done = await command.done(target, before)
  if (!done.ok) return `could not look: ${done.problem.message}`
  if (run.command === 'create-index' || run.command === 'restore-index') return BUILT[done.value]
  const words = DONE_WORDS[run.command] ?? 'done'
  if (done.value === 'yes') return words
  return done.value === 'partly' ? `not ${words}, only some` : `not ${words}`
}

/** n_dead_tup once the statistics know of this VACUUM. */
async function deadRows(target: Target, command: ListedCommand, before: Before): Promise<string | null> {
  for (const until = Date.now() + COUNTERS_SETTLE_MS; Date.now() < until; await sleep(200)) {
    const done = await command.done(target, before)
    if (!done.ok || done.value === 'yes') break
  }
  const states = await runRead(target, relationStates, { oids: before.files.map(({ oid }) => oid) })
  return states.ok ? deadOf(states.value) : null
}

async function findLeftovers(target: Target, relid: number, relname: string | null): Promise<Leftover[]> {
  const found = await runRead(target, leftoverIndexes, { relid, relname })
  if (!found.ok) return []
  return found.value.map(({ oid, schemaname, relname, bytes, indisready }) => ({
    oid,
    schemaname,
    relname,
    bytes: bytes ?? 0,
    advice: adviceFor({ relname, indisready }),
  }))
}

/** The first lines of what the server said. */
export const keepNotices = (notices: string[]): string[] =>
  notices.length <= NOTICES_KEPT ? notices : [...notices.slice(0, NOTICES_KEPT), `… and ${notices.length - NOTICES_KEPT} more`]
