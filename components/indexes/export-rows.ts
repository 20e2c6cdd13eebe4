import type { IndexFinding, IndexSummary, UnusedEvidence } from '@/db/indexes/index-finding'
import { csvCell } from '../csv-cell'
import { bytes, exactCount, percent, share } from '../format'
import { moment } from '../format-time'
import { trustWords } from '../ui/trust-mark'
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
  }
}

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
} satisfies Record<keyof ReturnType<typeof exportRow>, 0>) as (keyof ReturnType<typeof exportRow>)[]

/** The rows with a heading. */
export function asCsv(rows: IndexFinding[]): string {
  const lines = rows.map((row) => {
    const values = exportRow(row)
    return COLUMNS.map((name) => csvCell(values[name])).join(',')
  })
  return [COLUMNS.join(','), ...lines, ''].join('\r\n')
}

export const asJson = (rows: IndexFinding[], about: ExportAbout): string =>
  `${JSON.stringify({ ...about, indexes: rows.map(exportRow) }, null, 2)}\n`

/** A report to paste into a ticket: the verdict, the evidence, the rows. */
export function asMarkdown(rows: IndexFinding[], { server, database, at, summary, unused }: ExportAbout): string {
  const head = ['Index', 'Table', 'Verdict', 'Size', 'Bloat', 'Trust', 'Reclaim', 'Scans', '% of table', 'Stands in']
  const lines = rows.map((row) =>
    [
      mono(row.indexrelname),
      mono(`${row.schemaname}.${row.relname}`),
      VERDICT_LABEL[row.verdict],
      bytes(row.bytes),
      row.bloatRatio === null ? 'n/a' : percent(row.bloatRatio),
      text(trustWords(row.trust)),
      row.reclaimBytes > 0 ? bytes(row.reclaimBytes) : '–',
      exactCount(row.idxScan),
      share(row.tableShare),
      standsIn(row),
    ].join(' | '),
  )
  return [
    `# ${text(verdictSentence(summary))}`,
    '',
    text(evidence(summary, unused, database)),
    '',
    `Server ${mono(server)}, database ${mono(database)}, read ${moment(at)}. ${exactCount(rows.length)} of ${exactCount(summary.total)} indexes below; ${exactCount(actionable(summary))} ask for a rebuild or a drop.`,
    '',
    `| ${head.join(' | ')} |`,
    `| ${head.map((_, column) => (column < 3 || column === 5 || column === 9 ? '---' : '---:')).join(' | ')} |`,
    ...lines.map((line) => `| ${line} |`),
    '',
  ].join('\n')
}

/** The index that serves the same lookups, or that could, and why that is not certain. */
function standsIn({ redundantWith, standIn }: IndexFinding): string {
  if (redundantWith) return mono(redundantWith.indexrelname)
  return standIn ? `${mono(standIn.indexrelname)}? ${text(standIn.doubt)}` : ''
}

/** Text of a server stays text: what Markdown or HTML would act on is escaped. */
const text = (value: string): string => value.replace(/[\r\n]+/g, ' ').replace(/[\\`*_[\]<>|#]/g, '\\$&')

/** A name as code: in more backticks than it holds in a row, as CommonMark has it, and no cell or line ends in it. */
function mono(name: string): string {
  const longest = Math.max(0, ...[...name.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  const padded = name.startsWith('`') || name.endsWith('`') ? ` ${name} ` : name
  return `${fence}${padded.replace(/[\r\n]+/g, ' ').replaceAll('|', '\\|')}${fence}`
}
