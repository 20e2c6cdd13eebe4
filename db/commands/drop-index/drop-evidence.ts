import { redundantPairs } from '../../indexes/reads/redundant-pairs'
import { type Pair, redundancies } from '../../indexes/redundancy'
import { doubtOf } from '../../indexes/redundancy-sentences'
import { qualified } from '../../server/identifiers'
import { ok } from '../../server/problem'
import { runRead } from '../../server/run-read'
import { type CommandFacts, line, type PreflightCheck } from '../define-command'
import type { RelationFacts } from '../facts/load'
import type { DropFacts } from './facts'

export type DropIndexFacts = RelationFacts & { drop: DropFacts; knowing: boolean }

type Check = PreflightCheck<DropIndexFacts>

/** The index that serves the same queries, by name, and those that count on this one. */
export const partner: Check = async (target, { object, facts }) => {
  if (facts.indisvalid === false) return ok(null)
  const pairs = await runRead(target, redundantPairs, {})
  if (!pairs.ok) return line('redundant', 'warn', 'Whether another index serves its queries is not known', pairs.problem.message)
  const { redundant, doubtful, standsInFor } = redundancies(pairs.value)
  const [own, other] = [redundant.get(object.oid), doubtful.get(object.oid)]
  if (own) {
    const name = qualified(own.schemaname, own.kept_name)
    const serves = own.kind === 'duplicate' ? 'repeats it, key for key' : 'begins with its columns and serves the same queries'
    return line('redundant', 'pass', 'Another index serves its queries', `${name} ${serves}.${takesOver(own)}`)
  }
  const leaning = (standsInFor.get(object.oid) ?? []).filter(({ indexrelid }) => redundant.get(indexrelid)?.kept_root === object.oid)
  const names = leaning.map(({ schemaname, indexrelname, idx_scan: scans }) => {
    return `${qualified(schemaname, indexrelname)} (${scans} ${scans === '1' ? 'scan' : 'scans'})`
  })
  if (names.length > 0)
    return line(
      'redundant',
      'warn',
      'It stands in for another index',
      `${names.join(', ')} may be dropped because it is there. Never drop both.`,
    )
  if (other)
    return line(
      'redundant',
      'warn',
      'Another index may serve its queries',
      `${qualified(other.schemaname, other.kept_name)}, but ${doubtOf(other)}.`,
    )
  return line('redundant', 'pass', 'No other index does the same', 'Its queries would read the table, or partly another index.')
}

const takesOver = ({ idx_scan: scans }: Pair): string =>
  scans === '0' ? '' : ` It takes over ${scans === '1' ? 'the scan' : `the ${scans} scans`} of this one.`

/** What names the index, or infers it from its columns, and not through the planner (manual, CLUSTER and REFRESH MATERIALIZED VIEW). */
export const commands: Check = async (_target, { facts }) => {
  const { nodes, sole_for_refresh: refresh } = facts.drop
  if (facts.indisvalid === false) return ok(null)
  if (refresh)
    return line(
      'commands',
      'warn',
      'REFRESH MATERIALIZED VIEW CONCURRENTLY needs it',
      'No other index of the materialized view is unique, on plain columns, for all rows.',
    )
  if (nodes.some(({ indisclustered }) => indisclustered))
    return line(
      'commands',
      'warn',
      'It carries the CLUSTER mark',
      'CLUSTER without the name of an index fails for this table once it is gone.',
    )
  return ok(null)
}

/** What it enforces beside speed. */
export const uniqueness: Check = async (_target, { facts }) =>
  facts.drop.indisunique && facts.indisvalid
    ? line(
        'unique',
        'warn',
        'It enforces uniqueness',
        'Without it duplicates may be inserted, and then it cannot be recreated; INSERT … ON CONFLICT on its columns fails.',
      )
    : ok(null)

/** Expression indexes feed the planner even where no query scans them (manual, 14.2.1). */
export const expression: Check = async (_target, { facts }) =>
  facts.drop.has_exprs && facts.indisvalid
    ? line('expression', 'warn', 'It is on an expression', 'ANALYZE collects planner statistics on that, which are dropped with it.')
    : ok(null)

/** Each DELETE of a referenced row would read the whole table. */
export const foreignKey: Check = async (_target, { facts }) => {
  const { sole_for: keys } = facts.drop
  if (keys.length === 0) return ok(null)
  const what = `${keys.length === 1 ? 'foreign key' : 'foreign keys'} ${keys.join(', ')}`
  const cost = 'Each DELETE or key UPDATE in the referenced table would cause a Seq Scan of this one.'
  return facts.knowing
    ? line('foreign-key', 'warn', `No other index serves ${what}`, `${cost} Allowed by the option.`)
    : line('foreign-key', 'stop', `The only index that serves ${what}`, `${cost} Allow that in the options, or index the key first.`)
}

export type DropIndexCommandFacts = CommandFacts<DropIndexFacts>
