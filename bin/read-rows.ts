import { unservedKeyReport } from '../db/indexes/checks/foreign-key-without-index'
import { keysServed } from '../db/indexes/describe-index'
import { type IndexLine, indexReport } from '../db/indexes/index-report'
import { indexDetail } from '../db/indexes/reads/index-detail'
import { findRead, READS } from '../db/reads/registry'
import { ok, type Problem, type Result } from '../db/server/problem'
import { runRead } from '../db/server/run-read'
import { jsonWithoutSecrets } from '../db/server/secrets/without-secrets'
import type { Target } from '../db/server/target'
import { readStatements } from '../db/statements/read-statements'
import { statements } from '../db/statements/reads/statements'
import { type IndexOptions, indexPastOf } from './index-options'
import { withKeptNames } from './kept-names'

export type Rows = Record<string, unknown>[]

export interface ReadOptions extends IndexOptions {
  param?: Record<string, unknown>
}

export interface ReadAnswer {
  rows: Rows
  /** The same for a table on a terminal, where it has fewer columns. */
  short?: Rows
  /** What is not in it, and why. */
  without: { part: string; problem: Problem }[]
}

/** What `proctor read` knows by a name: a read of the registry, or several of them and a rule. */
export interface NamedRead {
  name: string
  about: string
  /** Names of the parameters. */
  params: string[]
  rows: (target: Target, options: ReadOptions) => Promise<Result<ReadAnswer>>
}

const whole = (rows: readonly object[]): Result<ReadAnswer> => ok({ rows: rows.map((row) => ({ ...row })), without: [] })

/** The verdict of an index rests on several reads: what is printed is their sum, as the page shows it. */
async function indexHealthRows(target: Target, options: ReadOptions): Promise<Result<ReadAnswer>> {
  const report = await indexReport(target, await indexPastOf(target, options))
  if (!report.ok) return report
  const { rows, problems } = report.value
  const short = ({ schema, table, index, verdict, bytes, bloat_bytes, bloat_ratio, trust, reason, scans, redundant_with }: IndexLine) => {
    return { schema, table, index, verdict, bytes, bloat_bytes, bloat_ratio, trust, reason, scans, redundant_with }
  }
  const without = problems.map(({ part, problem }) => ({ part: `the ${part}`, problem }))
  return ok({ rows: rows.map((row) => ({ ...row })), short: rows.map(short), without })
}

/** With the foreign keys that it serves, which are judged outside the database. */
async function indexDetailRows(target: Target, { param = {} }: ReadOptions): Promise<Result<ReadAnswer>> {
  const detail = await runRead(target, indexDetail, param as { indexrelid: number })
  if (!detail.ok) return detail
  const rows: Rows = []
  for (const row of detail.value) {
    const keys = await keysServed(target, row.indexrelid)
    if (!keys.ok) return keys
    rows.push({ ...row, foreign_keys: keys.value.served, sole_for: keys.value.soleFor })
  }
  return ok({ rows: jsonWithoutSecrets(rows), without: [] })
}

/** Numbers are there also where the server gives no texts. */
async function statementRows(target: Target, { param = {} }: ReadOptions): Promise<Result<ReadAnswer>> {
  const asked = statements.params.safeParse(param)
  if (!asked.data?.showtext) return plainRows(statements.name)(target, { param })
  const found = await readStatements(target, asked.data.dbid)
  if (!found.ok) return found
  const { rows, withheld } = found.value
  return ok({ rows: rows.map((row) => ({ ...row })), without: withheld ? [{ part: 'texts', problem: withheld }] : [] })
}

const plainRows =
  (name: string): NamedRead['rows'] =>
  async (target, { param = {} }) => {
    const read = findRead(name)
    if (!read) throw new Error(`No read ${name}`)
    const found = await runRead(target, read, param)
    return found.ok ? whole(jsonWithoutSecrets(found.value)) : found
  }

/** Those that are more than one read. */
export const SUMS: Readonly<Record<string, NamedRead['rows']>> = {
  'index-health': indexHealthRows,
  [indexDetail.name]: indexDetailRows,
  [statements.name]: statementRows,
}

/** Several reads and a rule, under the name of the one read that it was. */
const UNSERVED_KEYS: NamedRead = {
  name: 'foreign-keys-without-index',
  about: 'Foreign keys whose referencing columns no index serves',
  params: [],
  rows: async (target) => {
    const found = await unservedKeyReport(target)
    return found.ok ? whole(found.value) : found
  },
}

/** With the names of fields that scripts know. */
const asPrinted = (read: NamedRead): NamedRead => ({
  ...read,
  rows: async (target, options) => {
    const found = await read.rows(target, options)
    if (!found.ok) return found
    const { rows, short, without } = found.value
    return ok({ rows: withKeptNames(rows), ...(short && { short: withKeptNames(short) }), without })
  },
})

/** Every name that `proctor read` takes. */
export const NAMED_READS: readonly NamedRead[] = [
  ...READS.map(({ name, about, params }) => ({ name, about, params: Object.keys(params.shape), rows: SUMS[name] ?? plainRows(name) })),
  UNSERVED_KEYS,
].map(asPrinted)
