import type { CatalogueAnswer, CatalogueRow } from '@/db/guide/catalogue/read-catalogue'
import { csvCell } from '../csv-cell'
import { bytes, exactCount } from '../format'
import { moment } from '../format-time'
import { markdownCode, markdownText } from '../markdown'
import { catalogueEvidence, catalogueTitle, STATE_LABEL } from './catalogue-messages'

interface About {
  server: string
  database: string
  /** ISO 8601. */
  at: string
}

/** One row of CSV and JSON; bytes, ISO times. */
const exportRow = (row: CatalogueRow, schema: string) => ({
  schema,
  table: row.table,
  index: row.name,
  group: row.group,
  state: row.state,
  definition: row.form,
  in_print: row.inPrint,
  sqlstate: row.error?.sqlstate ?? null,
  here_as: row.index?.indexrelname ?? null,
  work_done_by: row.by,
  bytes: row.index?.bytes ?? null,
  scans: row.index?.idxScan ?? null,
  last_scan: row.index?.lastIdxScan ?? null,
  note: row.note,
  corrected_sql: row.corrected,
})

type ExportRow = ReturnType<typeof exportRow>

export function catalogueCsv({ rows, schema }: CatalogueAnswer): string {
  const lines = rows.map((row) => exportRow(row, schema))
  const columns = Object.keys(lines[0] ?? {}) as (keyof ExportRow)[]
  return [columns.join(','), ...lines.map((line) => columns.map((column) => csvCell(line[column])).join(',')), ''].join('\r\n')
}

export const catalogueJson = ({ rows, schema, since }: CatalogueAnswer, about: About): string =>
  `${JSON.stringify({ ...about, schema, scans_since: since, indexes: rows.map((row) => exportRow(row, schema)) }, null, 2)}\n`

/** A report to paste into a ticket. */
export function catalogueMarkdown(answer: CatalogueAnswer, { server, database, at }: About): string {
  const head = ['Index', 'Table', 'State', 'In print', 'Size', 'Scans', 'Corrected']
  const lines = answer.rows.map((row) =>
    [
      markdownCode(row.name),
      markdownCode(`${answer.schema}.${row.table}`),
      STATE_LABEL[row.state],
      markdownText(row.inPrint ?? 'Right'),
      bytes(row.index?.bytes),
      exactCount(row.index?.idxScan),
      markdownCode(row.form),
    ].join(' | '),
  )
  return [
    `# ${markdownText(catalogueTitle(answer))}`,
    '',
    markdownText(catalogueEvidence(answer)),
    '',
    `Server ${markdownCode(server)}, database ${markdownCode(database)}, read ${moment(at)}. Scans since ${moment(answer.since)}.`,
    '',
    `| ${head.join(' | ')} |`,
    `| ${head.map((_, column) => (column === 4 || column === 5 ? '---:' : '---')).join(' | ')} |`,
    ...lines.map((line) => `| ${line} |`),
    '',
  ].join('\n')
}
