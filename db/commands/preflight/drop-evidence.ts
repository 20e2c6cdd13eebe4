import { indexHealth } from '../../reads/index-health'
import { statisticsWindow } from '../../reads/statistics-window'
import { qualified } from '../../server/identifiers'
import { ok } from '../../server/problem'
import { runRead } from '../../server/run-read'
import { type CommandFacts, line, type PreflightCheck } from '../define-command'
import type { DropFacts } from '../facts/index-drop'
import type { RelationFacts } from '../facts/load'
import { sayAge } from '../say'

type DropIndexFacts = RelationFacts & { drop: DropFacts; knowing: boolean }

type Check = PreflightCheck<DropIndexFacts>

/** A week holds the weekly jobs; the month's end it does not. */
const ENOUGH_SECONDS = 7 * 86_400

/** Scans, and since when they are counted. */
export const scans: Check = async (target, { facts }) => {
  if (facts.indisvalid === false) return line('scans', 'pass', 'Invalid', 'No query uses it.')
  const windows = await runRead(target, statisticsWindow, {})
  if (!windows.ok) return windows
  const [window] = windows.value
  const { idx_scan: count, last_idx_scan: last, receivers } = facts.drop
  const since = window ? `the ${sayAge(window.seconds)} since ${window.stats_reset ?? window.stats_since}` : 'an unknown time'
  const elsewhere =
    receivers > 0
      ? ` ${receivers} ${receivers === 1 ? 'standby or receiver is' : 'standbys or receivers are'} connected: scans there are not counted here.`
      : ''
  if (count !== '0') {
    const latest = last === null ? '' : `, the last at ${last}`
    return line('scans', 'warn', 'Queries use it', `${count} ${count === '1' ? 'scan' : 'scans'} in ${since}${latest}.${elsewhere}`)
  }
  if (!window || window.seconds < ENOUGH_SECONDS)
    return line('scans', 'warn', 'Counted for too short a time', `No scan in ${since}; a weekly job would not show.${elsewhere}`)
  return line('scans', elsewhere ? 'warn' : 'pass', 'No scan', `None in ${since}.${elsewhere}`)
}

/** The index that serves the same queries, by name. */
export const partner: Check = async (target, { object, facts }) => {
  if (facts.indisvalid === false) return ok(null)
  const health = await runRead(target, indexHealth, {})
  if (!health.ok) return line('redundant', 'warn', 'Whether another index does its work is not known', health.problem.message)
  const own = health.value.find(({ indexrelid }) => indexrelid === object.oid)
  const other = health.value.find(({ indexrelid }) => indexrelid === own?.redundant_with)
  if (!own || !other)
    return line('redundant', 'pass', 'No other index does the same', 'What it serves would read the table, or another index in part.')
  const name = qualified(other.schemaname, other.indexrelname)
  return line(
    'redundant',
    'pass',
    'Another index does its work',
    own.redundant_kind === 'duplicate'
      ? `${name} repeats it, key for key.`
      : `${name} begins with its columns and serves the same queries.`,
  )
}

/** What it enforces beside speed. */
export const uniqueness: Check = async (_target, { facts }) =>
  facts.drop.indisunique && facts.indisvalid
    ? line('unique', 'warn', 'It enforces uniqueness', 'Without it duplicates may come in, and then it cannot be made again.')
    : ok(null)

/** Expression indexes feed the planner even where no query scans them (manual, 14.2.1). */
export const expression: Check = async (_target, { facts }) =>
  facts.drop.has_exprs && facts.indisvalid
    ? line('expression', 'warn', 'It is on an expression', 'ANALYZE gathers statistics on that for the planner, which go with it.')
    : ok(null)

/** Each DELETE of a referenced row would read the whole table. */
export const foreignKey: Check = async (_target, { facts }) => {
  const { sole_for: keys } = facts.drop
  if (keys.length === 0) return ok(null)
  const what = `${keys.length === 1 ? 'foreign key' : 'foreign keys'} ${keys.join(', ')}`
  const cost = 'Each DELETE or key UPDATE in the referenced table would read all of this one.'
  return facts.knowing
    ? line('foreign-key', 'warn', `No other index serves ${what}`, `${cost} Chosen knowingly.`)
    : line('foreign-key', 'stop', `The only index that serves ${what}`, `${cost} Choose to drop it knowingly, or index the key first.`)
}

export type DropIndexCommandFacts = CommandFacts<DropIndexFacts>
