import { z } from 'zod'
import { failed, ok, type Result } from '../server/problem'
import { type CommandFacts, defineCommand, objectOid, type Plan } from './define-command'
import { vacuumed } from './done'
import { loadTable, type RelationFacts } from './facts/load'
import { predictNothing, predictSame } from './predict'
import { VACUUM_CHECKS } from './preflight/checks'
import { BRIEF_WAIT, nameOf, SHORT_WAIT, spoken } from './sql'

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

/** VACUUM; https://www.postgresql.org/docs/current/sql-vacuum.html */
export const vacuumTable = defineCommand({
  name: 'vacuum-table',
  about: 'Makes the space of dead rows usable again; with FULL rewrites the table and gives the space back',
  input,
  measures: 'total',
  weight: 'heavy',
  facts: (target, { oid }) => loadTable(target, oid, 'total'),
  plan: (chosen, facts) => (chosen.full ? full(chosen, facts) : ok(lazy(chosen, facts))),
  preflight: VACUUM_CHECKS,
  done: vacuumed,
})

function lazy(chosen: Input, { object, facts, known }: CommandFacts<RelationFacts>): Plan {
  return {
    title: `Vacuum ${object.relname}`,
    statements: [...SHORT_WAIT, `VACUUM (${optionsOf(chosen)}) ${nameOf(object)}`],
    locks: [
      {
        mode: 'ShareUpdateExclusiveLock',
        relation: spoken(object.schemaname, object.relname),
        waits: 'Other VACUUMs and DDL on this table wait. SELECT, INSERT, UPDATE and DELETE go on.',
      },
    ],
    effect: [
      'Removes dead rows that no open transaction can see, so that their space is used again. The file keeps its size, but for empty pages at its end.',
      ...(chosen.freeze ? ['Freezes every row that it can: reads all pages that are not yet all-frozen, and writes more.'] : []),
      ...(chosen.indexCleanup === 'off' ? ['Leaves the index entries of dead rows in place; their line pointers are not freed.'] : []),
      ...(chosen.truncate === false ? ['Gives no pages back: needs no AccessExclusiveLock at its end.'] : []),
      ...(chosen.truncate === true ? ['Gives empty pages at the end of the table back, if nobody uses the table at that moment.'] : []),
      ...(chosen.analyze ? ['Then collects planner statistics.'] : []),
    ],
    cancel: 'Cancel at any time. What was cleaned so far stays cleaned.',
    phrase: object.relname,
    alwaysTyped: false,
    undo: null,
    prediction: predictSame(facts.bytes, known),
  }
}

function full(chosen: Input, { object, facts, known }: CommandFacts<RelationFacts>): Result<Plan> {
  const clash = [
    chosen.parallel !== undefined && 'PARALLEL',
    chosen.indexCleanup !== 'auto' && 'INDEX_CLEANUP',
    chosen.truncate !== undefined && 'TRUNCATE',
  ].filter((option) => option !== false)
  if (clash.length > 0) return failed('invalid_input', `FULL rewrites the table: ${clash.join(', ')} cannot be chosen with it`)
  return ok({
    title: `Rewrite ${object.relname}`,
    statements: [...BRIEF_WAIT, `VACUUM (${optionsOf(chosen)}) ${nameOf(object)}`],
    locks: [
      {
        mode: 'AccessExclusiveLock',
        relation: spoken(object.schemaname, object.relname),
        waits: 'Everybody who reads or writes this table waits until it is done.',
      },
    ],
    effect: [
      'Writes the live rows into a new file, builds every index anew, and drops the old files. Both exist until the end.',
      'A try ends when the lock cannot be had within 2 s, so that nobody queues behind it for longer.',
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
