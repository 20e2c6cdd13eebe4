import type { IndexFinding, IndexSummary, UnusedEvidence } from '@/db/indexes/index-finding'
import type { ListedIndex } from '@/db/indexes/list-indexes'
import type { MissingIndex } from '@/db/indexes/missing-indexes'
import { csvCell } from '../csv-cell'
import { bytes, exactCount, percent, share } from '../format'
import { moment } from '../format-time'
import { markdownCode, markdownText } from '../markdown'
import { trustWords } from '../ui/trust-mark'
import { missingCost } from './missing-messages'
import { actionable, evidence, verdictSentence } from './overview-messages'
import { VERDICT_LABEL } from './verdict'

export const EXPORT_FORMATS = ['csv', 'json', 'md'] as const

/** What an export tells beside the rows. */
interface ExportAbout {
  server: string
  database: string
  /** ISO 8601. */
  at: string
  summary: IndexSummary
  /** How many foreign keys ask for an index; null where that could not be read. */
  missing: number | null
  unused: UnusedEvidence
}

/** One row of CSV and JSON: names as the read index-health has them; bytes, ratios 0 … 1, ISO times. */
function exportRow(row: IndexFinding) {
  return {
    schema: row.schemaname,
    table: row.relname,
    index: row.indexrelname,
    oid: row.indexrelid,
    verdict: row.verdict,
    bytes: row.bytes,
    bloat_bytes: row.bloatBytes,
    bloat_ratio: row.bloatRatio,
    trust: row.trust.kind,
    plus_minus: row.trust.kind === 'estimated' ? row.trust.plusMinus : null,
    reason: row.trust.kind === 'withheld' ? row.trust.reason : null,
    reclaim_bytes: row.reclaimBytes,
    scans: row.idxScan,
    table_share: row.tableShare,
    last_scan: row.lastIdxScan,
    redundant_with: row.redundantWith?.indexrelname ?? null,
    constraint: row.conname,
    rule: row.rule,
    stand_in: row.standIn?.indexrelname ?? null,
    stand_in_doubt: row.standIn?.doubt ?? null,
    create_sql: null,
  }
}

type ExportRow = { [Name in keyof ReturnType<typeof exportRow>]: ReturnType<typeof exportRow>[Name] | null }

/** One that is missing has no numbers of its own: why it is asked for, and what builds it. */
const listedRow = (row: ListedIndex): ExportRow | Record<keyof ExportRow, string | null> =>
  row.verdict === 'missing'
    ? {
        ...NOTHING,
        schema: row.finding.schemaname,
        table: row.finding.relname,
        verdict: 'missing',
        rule: row.finding.evidence,
        create_sql: row.finding.sql,
      }
    : exportRow(row)

const COLUMNS = Object.keys({
  schema: 0,
  table: 0,
  index: 0,
  oid: 0,
  verdict: 0,
  bytes: 0,
  bloat_bytes: 0,
  bloat_ratio: 0,
  trust: 0,
  plus_minus: 0,
  reason: 0,
  reclaim_bytes: 0,
  scans: 0,
  table_share: 0,
  last_scan: 0,
  redundant_with: 0,
  constraint: 0,
  rule: 0,
  stand_in: 0,
  stand_in_doubt: 0,
  create_sql: 0,
} satisfies Record<keyof ReturnType<typeof exportRow>, 0>) as (keyof ReturnType<typeof exportRow>)[]

const NOTHING = Object.fromEntries(COLUMNS.map((name) => [name, null])) as Record<keyof ExportRow, null>

/** The rows with a heading. */
export function asCsv(rows: ListedIndex[]): string {
  const lines = rows.map((row) => {
    const values = listedRow(row)
    return COLUMNS.map((name) => csvCell(values[name])).join(',')
  })
  return [COLUMNS.join(','), ...lines, ''].join('\r\n')
}

export const asJson = (rows: ListedIndex[], about: ExportAbout): string =>
  `${JSON.stringify({ ...about, indexes: rows.map(listedRow) }, null, 2)}\n`

/** A report to paste into a ticket: the verdict, the evidence, the rows. */
export function asMarkdown(rows: ListedIndex[], { server, database, at, summary, missing, unused }: ExportAbout): string {
  const head = ['Index', 'Table', 'Verdict', 'Size', 'Bloat', 'Trust', 'Reclaim', 'Scans', '% of table', 'Stands in']
  const lines = rows.map((row) => (row.verdict === 'missing' ? missingLine(row) : indexLine(row)))
  return [
    `# ${markdownText(verdictSentence(summary, missing))}`,
    '',
    markdownText(evidence(summary, unused, database)),
    '',
    `Server ${markdownCode(server)}, database ${markdownCode(database)}, read ${moment(at)}. ${exactCount(rows.length)} rows of ${exactCount(summary.total)} indexes and ${exactCount(missing ?? 0)} missing below; ${exactCount(actionable(summary))} should be rebuilt or dropped.`,
    '',
    `| ${head.join(' | ')} |`,
    `| ${head.map((_, column) => (column < 3 || column === 5 || column === 9 ? '---' : '---:')).join(' | ')} |`,
    ...lines.map((line) => `| ${line} |`),
    '',
  ].join('\n')
}

const indexLine = (row: IndexFinding): string =>
  [
    markdownCode(row.indexrelname),
    markdownCode(`${row.schemaname}.${row.relname}`),
    VERDICT_LABEL[row.verdict],
    bytes(row.bytes),
    row.bloatRatio === null ? 'n/a' : percent(row.bloatRatio),
    markdownText(trustWords(row.trust)),
    row.reclaimBytes > 0 ? bytes(row.reclaimBytes) : '–',
    exactCount(row.idxScan),
    share(row.tableShare),
    standsIn(row),
  ].join(' | ')

const missingLine = (row: MissingIndex): string =>
  [
    `new on ${markdownCode(`(${row.columns.join(', ')})`)}`,
    markdownCode(`${row.finding.schemaname}.${row.finding.relname}`),
    VERDICT_LABEL.missing,
    ...Array(6).fill('–'),
    markdownText(missingCost(row)),
  ].join(' | ')

/** The index that serves the same lookups, or that could, and why that is not certain. */
function standsIn({ redundantWith, standIn }: IndexFinding): string {
  if (redundantWith) return markdownCode(redundantWith.indexrelname)
  return standIn ? `${markdownCode(standIn.indexrelname)}? ${markdownText(standIn.doubt)}` : ''
}
