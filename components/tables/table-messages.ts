import type { TableSummary } from '@/db/tables/list-tables'
import type { TableFinding, TableNeed } from '@/db/tables/table-health'
import { bytes, count, exactCount, numberWord, percent } from '../format'
import { moment } from '../format-time'

/** The name as it is told apart: with its schema, unless that is public. */
export const tableName = ({ schemaname, relname }: Pick<TableFinding, 'schemaname' | 'relname'>): string =>
  schemaname === 'public' ? relname : `${schemaname}.${relname}`

/** A limit that is set in round numbers: 200 M. */
export const whole = (limit: number): string => count(Math.round(limit)).replace('.0 ', ' ')

/** The page's sentence: must I act? */
export function tablesTitle({ total, act, due, autovacuum }: TableSummary): string {
  if (total === 0) return 'This database has no tables.'
  if (act > 0)
    return `${numberWord(act, true)} of ${exactCount(total)} ${total === 1 ? 'table' : 'tables'} ${act === 1 ? 'needs' : 'need'} action.`
  if (!autovacuum) return 'Autovacuum is off; no table needs action yet.'
  if (due > 0) return `No table needs action; ${numberWord(due)} ${due === 1 ? 'is' : 'are'} due for autovacuum.`
  return 'No table needs VACUUM or ANALYZE.'
}

/** The line below: which, why, and since when it was counted. */
export function tablesEvidence({ worst, act, held, autovacuum, oldest, statsReset, statsSince }: TableSummary): string {
  const sentences = worst.map(
    (table) =>
      `${tableName(table)}: ${table.needs
        .filter((need) => need.act)
        .map((need) => why(table, need))
        .join('; ')}.`,
  )
  if (act > worst.length) sentences.push(`${numberWord(act - worst.length, true)} more below.`)
  if (held)
    sentences.push(
      `VACUUM does not help yet for ${held.tables === 1 ? 'one table' : `${numberWord(held.tables)} tables`} with ${count(held.dead)} dead rows: it cannot remove rows kept for ${held.by}.`,
    )
  if (!autovacuum) sentences.push('Autovacuum is off on this server, so dead rows stay until a manual VACUUM.')
  if (act === 0 && oldest)
    sentences.push(`The oldest is ${oldest.relname}, ${count(oldest.xidAge)} of ${whole(oldest.freezeAt)} transactions.`)
  sentences.push(statsReset ? `Counted since ${moment(statsReset)}.` : `Counted since the server's start, ${moment(statsSince)}.`)
  return sentences.join(' ')
}

/** What VACUUM (FULL) would give back, how surely, or why that cannot be known. */
export function bloatSentences({ heap, toast }: NonNullable<TableFinding['bloat']>): string {
  const sentence = (what: string, { bloatBytes, bloatRatio, trust }: NonNullable<typeof heap>) =>
    trust.kind === 'withheld'
      ? `${what}: withheld, ${trust.reason}${trust.fix ? ` (${trust.fix})` : ''}.`
      : `${what}: a rewrite frees about ${bytes(bloatBytes)}, ${percent(bloatRatio)}${trust.kind === 'estimated' ? ` ± ${Math.ceil(trust.plusMinus)} points` : ''}.`
  return [heap && sentence('Rows', heap), toast && sentence('TOAST', toast)].filter((one) => one !== null).join(' ')
}

/** Why a table wants this, with its numbers. */
export function why(table: TableFinding, need: TableNeed): string {
  const reason = reasonOf(table, need)
  return need.heldBy === undefined ? reason : `${reason}; VACUUM cannot remove rows kept for ${need.heldBy}`
}

function reasonOf(table: TableFinding, need: TableNeed): string {
  const off = table.autovacuum ? '' : ', and autovacuum is off for it'
  const where = need.partitions > 0 ? ` in ${need.partitions === 1 ? 'one partition' : `${numberWord(need.partitions)} partitions`}` : ''
  const above = (limit: number | null) =>
    limit === null || !table.autovacuum ? '' : `, above the autovacuum threshold of ${count(Math.round(limit))}`
  switch (need.reason) {
    case 'dead':
      return `${count(table.dead)} dead rows${where}, ${percent(table.deadShare)} of all${above(table.vacuumAt)}${off}`
    case 'dead-share':
      return `${count(table.dead)} dead rows${where}, ${percent(table.deadShare)} of all, below the autovacuum threshold of ${count(Math.round(table.vacuumAt ?? 0))}`
    case 'inserts':
      return `${count(table.inserted)} rows inserted since the last VACUUM${where}${above(table.insertAt)}${off}`
    case 'modified':
      return table.kind === 'partitioned table' && need.partitions === 0
        ? `${count(table.modified)} rows changed in its partitions, and autovacuum never analyzes a partitioned table itself`
        : `${count(table.modified)} rows changed since the last ANALYZE${where}${above(table.analyzeAt)}${off}`
    case 'uncounted':
      return table.kind === 'partitioned table' && need.partitions === 0
        ? 'never analyzed, and autovacuum never analyzes a partitioned table itself'
        : `never analyzed${where}${off}`
    case 'age':
      return `its oldest row is ${count(table.xidAge)} transactions old${where}; autovacuum_freeze_max_age is ${whole(table.freezeAt)}`
  }
}

/** VACUUM, ANALYZE, VACUUM ANALYZE: what a row's chip says. */
export function needWords(needs: TableNeed[]): string {
  const words = new Set(needs.map(({ command }) => command.toUpperCase()))
  return ['VACUUM', 'ANALYZE'].filter((word) => words.has(word)).join(' + ')
}
