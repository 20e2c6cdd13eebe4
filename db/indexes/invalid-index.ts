import type { Row } from '../server/define-read'
import { dropIndexSql, isRebuiltConcurrently, reindexIndexSql } from './index-statements'
import type { PartitionRepair } from './partition-repair'
import type { invalidIndexes } from './reads/invalid-indexes'

export type InvalidRow = Row<typeof invalidIndexes>

/** What is to be done about an index that is not valid. */
export interface InvalidIndex {
  /** drop: a leftover, which nothing is lost with. rebuild: nothing else does its work. attach: partitions. replace: another index in its place. null: nothing can be proposed. */
  action: 'drop' | 'rebuild' | 'attach' | 'replace' | null
  /** Statements in their order, one a line; null where nothing is proposed. */
  sql: string | null
  /** What it is, in a few words after its name: "was left behind by REINDEX CONCURRENTLY". */
  title: string
  /** The fact first, then what follows. */
  rule: string
}

/** Names that REINDEX CONCURRENTLY gives, cut to 63 bytes and numbered where taken (manual, REINDEX). */
const COPY = /_cc(new|old)\d*$/

interface Index {
  schemaname: string
  indexrelname: string
  exclusion: boolean
}

/** Somebody is at work on it, so that it is as it should be; null when nobody is. */
export function atWork({ building, dropping }: Pick<InvalidRow, 'building' | 'dropping'>): string | null {
  if (building !== null) return `Healthy: pid ${building} is building it concurrently; it becomes valid when that ends.`
  if (dropping !== null) return `Healthy: pid ${dropping} is dropping it concurrently; it is gone when that ends.`
  return null
}

/** What an invalid index is, and what is to be done. Pure. For a plain index, or one of a partition. */
export function invalidIndex(index: Index, state: InvalidRow): InvalidIndex {
  const withheld = whyNothing(state)
  const judged = judge(index, state)
  return withheld === null ? judged : { ...judged, action: null, sql: null, rule: `${judged.rule} ${withheld}` }
}

/** A partitioned index that is not valid, or of which one below is not. `repair` is null where a lock hides what would be written. */
export function invalidPartitioned(isUnique: boolean, state: InvalidRow | null, repair: PartitionRepair | null): InvalidIndex {
  const title = 'is invalid'
  const harm = isUnique ? 'uniqueness is not enforced there, and no query uses it there' : 'no query uses it there'
  if (repair === null) return { action: null, sql: null, title, rule: 'Invalid: a lock hides which partitions lack their index.' }
  const { lacking, broken, unable } = repair
  const facts = [
    ...(lacking.length > 0 ? [`${some(lacking, 'partition', 'partitions')} without an index attached to it, ${harm}`] : []),
    ...(broken.length > 0 ? [`${some(broken, 'index', 'indexes')} of a partition invalid, ${harm}`] : []),
  ]
  const what =
    facts.length > 0
      ? `Invalid: ${facts.join('; ')}.`
      : 'Invalid: every partition has a valid index, but the partitioned index was not marked valid when the last one was fixed. Repeating ATTACH PARTITION marks it.'
  const withheld = state === null ? null : whyNothing(state)
  if (withheld !== null) return { action: null, sql: null, title, rule: `${what} ${withheld}` }
  if (unable !== null) return { action: null, sql: null, title, rule: `${what} It cannot become valid as things are: ${unable}.` }
  return { action: repair.steps.length > 0 ? 'attach' : 'replace', sql: repair.sql.join('\n'), title, rule: what }
}

/** What forbids to act on what is seen. */
function whyNothing({ in_recovery, hidden }: InvalidRow): string | null {
  if (in_recovery) return 'This is a standby: act on the primary, which shows whether a session is working on it.'
  if (hidden === null) return null
  return `Pid ${hidden} is building an index of this table. Which one is hidden from this role, so nothing is proposed until it ends. A role with pg_read_all_stats sees it.`
}

function judge(index: Index, state: InvalidRow): InvalidIndex {
  const { indisready, indislive, conname, indisreplident, twin, copied_from, toast_of } = state
  const where = toast_of === null ? '' : ` It is on the TOAST table of ${toast_of}.`
  const cost = indisready && indislive ? 'writes still maintain it' : 'nothing maintains it'
  const drop = (title: string, rule: string): InvalidIndex => {
    return { action: 'drop', sql: dropIndexSql({ ...index, partitioned: false }), title, rule: `Invalid: ${rule}${where}` }
  }
  if (conname === null && !indisreplident) {
    if (!indislive)
      return drop(
        'was dropped half-way',
        'a DROP INDEX CONCURRENTLY was interrupted in its last phase; nothing maintains it. Drop it once more.',
      )
    const copy = COPY.exec(index.indexrelname)?.[1]
    if (copy === 'new') {
      const original = twin?.valid
        ? `The index itself, ${twin.indexrelname}, is as it was.`
        : 'The index that it copied is not there any more.'
      return drop('was left behind by REINDEX CONCURRENTLY', `left by a REINDEX CONCURRENTLY that did not finish; ${cost}. ${original}`)
    }
    if (copy === 'old')
      return drop('was left behind by REINDEX CONCURRENTLY', `left by a REINDEX CONCURRENTLY whose new index is in place; ${cost}.`)
    if (copied_from !== null)
      return drop('was left behind by pg_repack', `pg_repack's copy of ${copied_from}, which is valid and does all of its work; ${cost}.`)
    if (twin?.valid)
      return drop(
        `is an invalid copy of ${twin.indexrelname}`,
        `a build that failed or a drop that did not finish left it, and ${twin.indexrelname} is its valid equal; ${cost}.`,
      )
    if (twin && twin.indexrelid < state.indexrelid && !COPY.test(twin.indexrelname))
      return drop(
        `is an invalid copy of ${twin.indexrelname}`,
        `${twin.indexrelname} is its equal, which is invalid, too: that one is to be rebuilt; ${cost}.`,
      )
  }
  const rule = `Invalid: a build that failed, or a drop that did not finish, left it; no query uses it, ${cost}.`
  const title = 'is invalid'
  if (toast_of !== null) {
    const none =
      'PostgreSQL neither rebuilds an invalid index of a TOAST table nor reads long values without it: restore the table from a backup.'
    return { action: null, sql: null, title, rule: `${rule}${where} ${none}` }
  }
  const form = isRebuiltConcurrently(index) ? '' : ' It can be rebuilt in place only, which blocks all use of the table.'
  return { action: 'rebuild', sql: reindexIndexSql(index), title, rule: `${rule}${form}` }
}

/** "2 partitions (a, b)", at most five of them by name. */
function some(names: string[], one: string, many: string): string {
  const shown = names.slice(0, 5).join(', ')
  return `${names.length} ${names.length === 1 ? one : many} (${shown}${names.length > 5 ? ', …' : ''})`
}
