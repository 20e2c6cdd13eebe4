import { indexHealth } from '../../indexes/index-health'
import type { StoredMeasurement } from '../../indexes/index-measurement'
import type { IndexPast } from '../../indexes/index-past'
import { indexDefinitions } from '../../indexes/reads/index-definitions'
import { serverFacts } from '../../server/facts'
import { ok, type Result } from '../../server/problem'
import { runRead } from '../../server/run-read'
import type { Target } from '../../server/target'
import type { Guide } from '../find-guide'
import { CATALOGUE } from './entries'
import { correctedSql, type Entry, type PrintedError, printedSql, shortForm } from './entry'
import { readShape } from './shapes'
import { type Judged, judge, type Standing, type State } from './state'

export interface CatalogueRow {
  name: string
  table: string
  group: Entry['group']
  /** As it should be: (email). */
  form: string
  state: State
  /** null: right in print. */
  inPrint: string | null
  error: PrintedError | null
  purpose: string
  why: readonly string[]
  /** null: the guide leaves it out. */
  printed: string | null
  /** The statement that makes it here as it should be. */
  corrected: string
  /** What is there, by structure. */
  index: CatalogueIndex | null
  by: string | null
  note: string | null
  /** The statement to confirm, where it can be created from here; else why not. */
  create: { definition: string } | { refused: string } | null
}

/** What the list tells of an index that is there. */
export interface CatalogueIndex {
  indexrelid: number
  indexrelname: string
  /** Bytes, partitions included; null behind a lock. */
  bytes: number | null
  idxScan: string
  lastIdxScan: string | null
  definition: string | null
  /** It backs a constraint, which alone can be dropped. */
  conname: string | null
  partitioned: boolean
  /** The rule and the numbers of its verdict. */
  rule: string
  unused: boolean
}

export interface CatalogueAnswer {
  schema: string
  /** Other schemas with the guide's tables. */
  elsewhere: string[]
  missing: Guide['missing']
  rows: CatalogueRow[]
  /** Since when scans are counted (ISO 8601). */
  since: string
}

/**
 * Every index of the guide for the tables that were found: what there is of it, by structure, with the sizes, scans and verdicts that
 * the page of indexes has. Errors: as indexHealth and the read of definitions.
 */
export async function readCatalogue(
  target: Target,
  guide: Guide,
  measurements: StoredMeasurement[],
  past?: IndexPast,
): Promise<Result<CatalogueAnswer>> {
  const relids = new Set(Object.values(guide.tables).map(({ relid }) => relid))
  const [health, facts] = await Promise.all([indexHealth(target, measurements, past), serverFacts(target)])
  if (!health.ok) return health
  if (!facts.ok) return facts
  const findings = health.value.findings.filter(({ relid }) => relids.has(relid)).slice(0, MOST)
  const read = await runRead(target, indexDefinitions, { indexrelids: findings.map(({ indexrelid }) => indexrelid) })
  if (!read.ok) return read
  const definitions = new Map(read.value.map((row) => [row.indexrelid, row]))
  const there = await Promise.all(
    findings.map(async (finding): Promise<Standing> => {
      const { definition, constraint_definition: constraint } = definitions.get(finding.indexrelid) ?? {}
      return { finding, shape: definition ? await readShape(definition) : null, deferrable: / DEFERRABLE/.test(constraint ?? '') }
    }),
  )
  const rows = await Promise.all(
    CATALOGUE.map(async (entry) => {
      const judged = judge(entry, await shapesOf(entry), there, guide)
      const definition = judged.index ? (definitions.get(judged.index.indexrelid)?.definition ?? null) : null
      return rowOf(entry, judged, guide, definition, facts.value.extensions)
    }),
  )
  const { statsReset, statsSince } = health.value.summary
  return ok({ schema: guide.schema, elsewhere: guide.elsewhere, missing: guide.missing, rows, since: statsReset ?? statsSince })
}

/** What the read of definitions takes; the guide's seven tables have some forty. */
const MOST = 1_000

/** The structure does not depend on the schema. */
async function shapesOf(entry: Entry) {
  const [printed, corrected] = await Promise.all([formShape(entry, 'printed'), formShape(entry, 'corrected')])
  return { printed, corrected }
}

const formShape = async (entry: Entry, which: 'printed' | 'corrected') => {
  const form = entry[which]
  if (!form) return null
  const { deferrable: _, ...index } = form
  return readShape(correctedSql({ ...entry, corrected: index }, 'guide'))
}

function rowOf(
  entry: Entry,
  { state, index, by, note }: Judged,
  guide: Guide,
  definition: string | null,
  extensions: Record<string, string>,
): CatalogueRow {
  const form = entry.corrected ?? entry.printed
  return {
    name: entry.name,
    table: entry.table,
    group: entry.group,
    form: form ? shortForm(form) : '',
    state,
    inPrint: entry.inPrint,
    error: entry.error ?? null,
    purpose: entry.purpose,
    why: entry.why,
    printed: printedSql(entry),
    corrected: correctedSql(entry, guide.schema),
    index: index && {
      indexrelid: index.indexrelid,
      indexrelname: index.indexrelname,
      bytes: index.bytes,
      idxScan: index.idxScan,
      lastIdxScan: index.lastIdxScan,
      definition,
      conname: index.conname,
      partitioned: index.partitioned,
      rule: index.rule,
      unused: index.verdict === 'unused' || index.verdict === 'not-scanned',
    },
    by,
    note,
    create: state === 'missing' || state === 'cannot' ? creation(entry, guide, note, extensions) : null,
  }
}

function creation(entry: Entry, guide: Guide, note: string | null, extensions: Record<string, string>): CatalogueRow['create'] {
  if (note) return { refused: `${note}: drop or rename that one first` }
  if (entry.corrected?.deferrable) return { refused: 'It is a constraint: ALTER TABLE makes it, which Proctor does not run' }
  if (entry.extension && !(entry.extension in extensions)) return { refused: `CREATE EXTENSION ${entry.extension} first` }
  return { definition: correctedSql(entry, guide.schema) }
}
