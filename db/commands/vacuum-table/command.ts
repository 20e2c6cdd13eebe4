import { z } from 'zod'
import { failed, ok, type Result } from '../../server/problem'
import { runRead } from '../../server/run-read'
import type { Target } from '../../server/target'
import { readHolders } from '../../tables/read-holders'
import { formatHolders } from '../../tables/snapshot-holders'
import { countMaintained } from '../checked'
import { type Before, type CommandFacts, defineCommand, type Found, objectOid } from '../define-command'
import { vacuumed } from '../done'
import type { CommandOption } from '../face'
import { loadTable, type RelationFacts } from '../facts/load'
import { relationStates } from '../facts/state'
import type { Plan } from '../plan'
import { predictNothing, predictSame } from '../predict'
import { VACUUM_CHECKS } from '../preflight/checks'
import { nameOf, spoken } from '../sql'
import { briefly, patiently } from '../work'
import { FULL, happened, LAZY, phasesOf } from './receipt'
import { vacuumReports } from './report'
import { vacuumTableRequest } from './request'

const input = z.strictObject({
  /** The table's OID. */
  oid: objectOid,
  full: z.boolean().default(false),
  freeze: z.boolean().default(false),
  analyze: z.boolean().default(false),
  /** auto is the server's default since 14: index cleanup is skipped when there is next to nothing to clean. */
  indexCleanup: z.enum(['auto', 'on', 'off']).default('auto'),
  /** Whether empty pages at the end go back to the file system; left out: as vacuum_truncate of the table and server says. */
  truncate: z.boolean().optional(),
  /** Workers for the indexes, 0 … 1024; left out: as many as the server finds right. */
  parallel: z.int().min(0).max(1024).optional(),
})

type Input = z.output<typeof input>
/** Whose snapshot keeps dead rows, in words; empty where nobody's does. */
type VacuumFacts = RelationFacts & { heldBy?: string }

/** The manual's page of VACUUM; every one of these is in 14 and later. */
const OPTIONS: CommandOption[] = [
  { key: 'analyze', label: 'ANALYZE', about: 'collects planner statistics, too.' },
  { key: 'freeze', label: 'FREEZE', about: 'freezes every row that it can; reads and writes more.' },
  {
    key: 'full',
    label: 'FULL',
    about: 'rewrites the table and frees its unused space; blocks all reads and writes.',
    excludes: ['indexCleanup', 'truncate', 'parallel'],
  },
  {
    key: 'indexCleanup',
    label: 'INDEX_CLEANUP',
    about: 'removes index entries of dead rows',
    choices: ['auto', 'on', 'off'].map((one) => ({ label: one, value: one })),
  },
  {
    key: 'truncate',
    label: 'TRUNCATE',
    about: 'truncates empty pages at the end',
    choices: [{ label: 'default' }, { label: 'on', value: true }, { label: 'off', value: false }],
  },
  {
    key: 'parallel',
    label: 'PARALLEL',
    about: 'workers for the indexes',
    choices: [{ label: 'auto' }, ...[0, 2, 4].map((one) => ({ label: `${one}`, value: one }))],
  },
]

/** VACUUM; https://www.postgresql.org/docs/current/sql-vacuum.html */
export const vacuumTable = defineCommand({
  name: vacuumTableRequest.command,
  about: 'Makes the space of dead rows reusable; FULL rewrites the table and frees the space',
  input,
  face: { verb: 'Run VACUUM', options: OPTIONS },
  measures: 'total',
  weight: 'heavy',
  form: ['full'],
  rewrites: (asked) => asked.full === true,
  facts: async (target, { oid }): Promise<Result<Found<VacuumFacts>>> => {
    const [found, holders] = await Promise.all([loadTable(target, oid, 'total'), readHolders(target)])
    if (!found.ok) return found
    if (!holders.ok) return holders
    return ok({ ...found.value, facts: { ...found.value.facts, heldBy: formatHolders(holders.value) } })
  },
  plan: (chosen, facts) => (chosen.full ? full(chosen, facts) : ok(lazy(chosen, facts))),
  preflight: VACUUM_CHECKS,
  done: vacuumed,
  checked: formatVacuumed,
  happened,
})

const countVacuumed = countMaintained('vacuumed', 'last_vacuum')

/** What stays dead, first, and for whom; then which tables were vacuumed. */
async function formatVacuumed(target: Target, before: Before, said: string[]): Promise<Result<string>> {
  const counted = await countVacuumed(target, before, said)
  if (!counted.ok) return counted
  const states = await runRead(target, relationStates, { oids: before.files.map(({ oid }) => oid) })
  if (!states.ok) return states
  const stay = saidToStay(said) ?? (before.input?.full ? 0n : states.value.reduce((sum, { n_dead_tup: dead }) => sum + BigInt(dead), 0n))
  if (stay === 0n) return counted
  const holders = await readHolders(target)
  if (!holders.ok) return holders
  const why = holders.value.length > 0 ? `kept for ${formatHolders(holders.value)}` : 'whatever kept them is gone by now, or not visible'
  return ok(`${stay.toLocaleString('en-US')} dead ${stay === 1n ? 'row stays' : 'rows stay'}, ${why}; ${counted.value}`)
}

/**
 * Dead rows that VACUUM (VERBOSE) says it left, of the tables and their TOAST tables; null where it said nothing that is understood.
 * pg_stat_all_tables counts on after VACUUM FULL as if nothing had been rewritten.
 */
function saidToStay(said: string[]): bigint | null {
  const found = vacuumReports(said).flatMap(({ stay }) => stay ?? [])
  return found.length === 0 ? null : found.reduce((sum, rows) => sum + rows, 0n)
}

/** The first line of the effect, where the rows are held: nothing is promised then. */
const heldLine = (heldBy = ''): string[] =>
  heldBy === '' ? [] : [`Held by ${heldBy}: rows that died since that began are not removed. Run it after that has ended.`]

function lazy(chosen: Input, { object, facts, known }: CommandFacts<VacuumFacts>): Plan {
  return {
    title: `Vacuum ${object.relname}`,
    ...patiently(phasesOf(LAZY, chosen), `VACUUM (${optionsOf(chosen)}) ${nameOf(object)}`),
    ...(chosen.analyze ? { calls: 'all' } : {}),
    locks: [
      {
        mode: 'ShareUpdateExclusiveLock',
        relation: spoken(object.schemaname, object.relname),
        waits: 'Other VACUUMs and DDL on this table wait. SELECT, INSERT, UPDATE and DELETE go on.',
      },
    ],
    effect: [
      ...heldLine(facts.heldBy),
      'Removes dead rows that no open transaction can see, so that their space can be reused. The file keeps its size, except for empty pages at its end.',
      ...(chosen.freeze ? ['Freezes every row that it can: reads all pages that are not yet all-frozen, and writes more.'] : []),
      ...(chosen.indexCleanup === 'off' ? ['Leaves the index entries of dead rows in place; their line pointers are not freed.'] : []),
      ...(chosen.truncate === false ? ['Does not truncate the file, so needs no AccessExclusiveLock at its end.'] : []),
      ...(chosen.truncate === true ? ['Truncates empty pages at the end of the table, if no session uses the table at that moment.'] : []),
      ...(chosen.analyze ? ['Then collects planner statistics.'] : []),
    ],
    cancel: 'Cancel at any time. What was cleaned so far stays cleaned.',
    phrase: object.relname,
    alwaysTyped: false,
    undo: null,
    prediction: predictSame(facts.bytes, known),
  }
}

function full(chosen: Input, { object, facts, known }: CommandFacts<VacuumFacts>): Result<Plan> {
  const clash = [
    chosen.parallel !== undefined && 'PARALLEL',
    chosen.indexCleanup !== 'auto' && 'INDEX_CLEANUP',
    chosen.truncate !== undefined && 'TRUNCATE',
  ].filter((option) => option !== false)
  if (clash.length > 0) return failed('invalid_input', `FULL rewrites the table: ${clash.join(', ')} cannot be chosen with it`)
  return ok({
    title: `Rewrite ${object.relname}`,
    ...briefly(phasesOf(FULL, chosen), `VACUUM (${optionsOf(chosen)}) ${nameOf(object)}`),
    calls: chosen.analyze ? 'all' : 'indexes',
    writesIndexes: 'anew',
    locks: [
      {
        mode: 'AccessExclusiveLock',
        relation: spoken(object.schemaname, object.relname),
        waits: 'All reads and writes of this table wait until it is done.',
      },
    ],
    effect: [
      ...heldLine(facts.heldBy),
      'Writes the live rows into a new file, rebuilds every index, and drops the old files. Both exist until the end.',
      'Each attempt waits at most 2 s for the lock, so that no session queues behind it for longer.',
      ...(chosen.freeze ? ['FREEZE adds nothing: FULL freezes every row that it can.'] : []),
      ...(chosen.analyze ? ['Then collects planner statistics.'] : []),
    ],
    cancel: 'Cancel at any time. The table stays as it was; nothing is left behind.',
    phrase: object.relname,
    alwaysTyped: true,
    undo: null,
    prediction: predictNothing(facts.bytes, 'not measured', known),
  })
}

/** VERBOSE, because its report is worth keeping in the receipt. */
function optionsOf({ full, freeze, analyze, indexCleanup, truncate, parallel }: Input): string {
  return [
    full && 'FULL',
    freeze && 'FREEZE',
    analyze && 'ANALYZE',
    indexCleanup !== 'auto' && `INDEX_CLEANUP ${indexCleanup.toUpperCase()}`,
    truncate !== undefined && `TRUNCATE ${truncate ? 'ON' : 'OFF'}`,
    parallel !== undefined && `PARALLEL ${parallel}`,
    'VERBOSE',
  ]
    .filter(Boolean)
    .join(', ')
}
