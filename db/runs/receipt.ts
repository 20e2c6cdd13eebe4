import { setTimeout as sleep } from 'node:timers/promises'
import type { Before, Done, Measured } from '../commands/define-command'
import { adviceFor, leftoverIndexes } from '../commands/facts/leftovers'
import { sizesOf } from '../commands/facts/load'
import { indexByName, relationStates } from '../commands/facts/state'
import { halfwayNames } from '../commands/plan'
import type { ListedCommand } from '../commands/registry'
import { ok } from '../server/problem'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'
import { deadOf } from './check-again'
import type { Leftover, Run, RunReceipt } from './run-types'

/** 14 passes counters on by a process of its own, at most every 500 ms; later majors at once. */
const COUNTERS_SETTLE_MS = 3_000
/** A VACUUM VERBOSE of thousands of partitions says more than anybody reads. */
const NOTICES_KEPT = 500

export type Measurement = Pick<
  RunReceipt,
  'bytesBefore' | 'bytesAfter' | 'deadBefore' | 'deadAfter' | 'checkedAfter' | 'done' | 'leftovers' | 'restart' | 'undo'
> & {
  /** Lines of the server's log. */
  notices?: string[]
  /** The index as it is now, whose OID a concurrent rebuild has changed. */
  index: { oid: number; relfilenode: number } | null
}

/** What a run gave, read from the object itself after it ended, however it ended. */
export async function measureAfter(
  run: Run,
  target: Target,
  command: ListedCommand,
  before: Before,
  { said = [], lasting = false }: { said?: string[]; lasting?: boolean } = {},
): Promise<Measurement> {
  const { bytes: bytesBefore, dead: deadBefore } = before
  const leftovers = await findLeftovers(target, tablesOf(command, before), halfwayNames(run.plan), lasting)
  const common = { bytesBefore, deadBefore, leftovers, index: null }
  if (command.measures === 'relation') return { ...common, ...(await indexAfter(target, command, before, said)) }
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
  // After VACUUM FULL the counters go on as if nothing had been rewritten.
  const deadAfter = deadBefore === null || command.rewrites?.(before.input ?? {}) ? null : await deadRows(target, command, before)
  const sizes = await sizesOf(target, before.object.oid)
  const found = await lookAfter(target, command, before, said)
  return { ...common, bytesAfter: sizes.ok ? sizes.value[command.measures as Exclude<Measured, 'nothing'>] : null, deadAfter, ...found }
}

const EFFECTS: Record<Done, string> = { yes: 'took effect', partly: 'took effect in part', no: 'took no effect' }

async function effectOf(target: Target, command: ListedCommand, before: Before): Promise<string> {
  const done = await command.done(target, before)
  return done.ok ? EFFECTS[done.value] : `could not look: ${done.problem.message}`
}

async function indexAfter(
  target: Target,
  command: ListedCommand,
  before: Before,
  said: string[],
): Promise<Pick<Measurement, 'bytesAfter' | 'deadAfter' | 'checkedAfter' | 'index'>> {
  const { object } = before
  const named = await runRead(target, indexByName, { schemaname: object.schemaname, relname: object.relname })
  if (!named.ok) return { bytesAfter: null, deadAfter: null, checkedAfter: `could not look: ${named.problem.message}`, index: null }
  const [index] = named.value
  // A partitioned index keeps its OID: another one has its name.
  const isAnother = index?.relkind === 'I' && index.oid !== object.oid
  if (!index || isAnother) return { bytesAfter: 0, deadAfter: null, checkedAfter: 'gone', index: null }
  const sizes = await sizesOf(target, index.oid)
  const { indisvalid, indisready, indislive, oid, relfilenode } = index
  const state = [indisvalid ? 'valid' : 'invalid', indisready ? 'ready' : 'not ready', indislive ? 'live' : 'not live'].join(', ')
  const counted = index.relkind === 'I' && command.checked ? await command.checked(target, before, said) : null
  const checkedAfter = counted?.ok ? `${state}; ${counted.value}` : state
  return { bytesAfter: sizes.ok ? sizes.value.relation : null, deadAfter: null, checkedAfter, index: { oid, relfilenode } }
}

/** What was found of a table: in the command's own words, and whether it is done. */
async function lookAfter(
  target: Target,
  command: ListedCommand,
  before: Before,
  said: string[],
): Promise<Pick<Measurement, 'checkedAfter' | 'done'>> {
  const done = await command.done(target, before)
  if (!done.ok) return { checkedAfter: `could not look: ${done.problem.message}` }
  const counted = command.checked ? await command.checked(target, before, said) : ok(WORDS[done.value])
  return { checkedAfter: counted.ok ? counted.value : `could not look: ${counted.problem.message}`, done: done.value }
}

const WORDS: Record<Done, string> = { yes: 'done', partly: 'done in part', no: 'not done' }

/** n_dead_tup once the statistics know of this VACUUM. */
async function deadRows(target: Target, command: ListedCommand, before: Before): Promise<string | null> {
  for (const until = Date.now() + COUNTERS_SETTLE_MS; Date.now() < until; await sleep(200)) {
    const done = await command.done(target, before)
    if (!done.ok || done.value === 'yes') break
  }
  const states = await runRead(target, relationStates, { oids: before.files.map(({ oid }) => oid) })
  return states.ok ? deadOf(states.value) : null
}

/** The table that was worked on; of what has no size, those of the indexes that were to be rebuilt. */
const tablesOf = ({ measures }: ListedCommand, { object, files }: Before): number[] =>
  measures === 'nothing' ? [...new Set(files.flatMap(({ relid }) => relid ?? []))] : [object.relid]

async function findLeftovers(target: Target, relids: number[], relnames: string[], lasting: boolean): Promise<Leftover[]> {
  const found = relids.length === 0 ? ok([]) : await runRead(target, leftoverIndexes, { relids, relnames })
  if (!found.ok) return []
  return found.value.map(({ oid, schemaname, relname, bytes, indisready }) => ({
    oid,
    schemaname,
    relname,
    bytes: bytes ?? 0,
    advice: adviceFor({ relname, indisready, lasting }),
  }))
}

/** The first lines of what the server said. */
export const keepNotices = (notices: string[]): string[] =>
  notices.length <= NOTICES_KEPT ? notices : [...notices.slice(0, NOTICES_KEPT), `… and ${notices.length - NOTICES_KEPT} more`]
