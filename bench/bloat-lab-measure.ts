import { Client } from 'pg'
import { type Bloat, bloatOf } from '../db/indexes/bloat'
import { measureIndex } from '../db/indexes/measure-index'
import { measureByStatindex } from '../db/indexes/measure-index-statindex'
import { indexBloatEstimate } from '../db/indexes/reads/index-bloat-estimate'
import type { Result } from '../db/server/problem'
import { runRead } from '../db/server/run-read'
import type { Target } from '../db/server/target'
import type { History } from './bloat-lab-histories'
import { RIVALS } from './bloat-lab-rivals'
import type { Shape } from './bloat-lab-shapes'

export interface Case {
  set: 'ordinary' | 'hard' | 'more'
  shape: Shape
  history: History
  table: string
}

export interface Measured extends Case {
  indexrelid: number
  bytes: number
  /** By way: bloat in points of the index, and the ± where one is given; null when withheld. */
  says: Record<string, { points: number; plusMinus?: number } | null>
  reasons: Record<string, string>
  /** Milliseconds of the page sample. */
  milliseconds: number
  /** What REINDEX gave back, in points; below 0 when it made the index larger. */
  truth: number
  version: string
}

export const OURS_FULL = 'Proctor, full rights'
export const OURS_STATINDEX = 'Proctor, pg_stat_scan_tables'
export const OURS_CATALOG = 'Proctor, catalog only'

/** Asks every way about every index. */
export async function measureAll(url: URL, cases: Case[]): Promise<Measured[]> {
  const target: Target = {
    serverId: url.pathname,
    host: url.hostname,
    port: Number(url.port),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: url.pathname.slice(1),
  }
  const client = new Client({ connectionString: url.href })
  client.on('error', () => undefined) // the server is stopped when a measurement fails, which is then told
  await client.connect()
  const version = (await client.query('show server_version')).rows[0].server_version as string
  const estimates = value(await runRead(target, indexBloatEstimate, {}))
  const measured: Measured[] = []
  for (const one of cases) {
    const { rows } = await client.query(
      `select '${one.table}_i'::regclass::oid as oid, pg_relation_size('${one.table}_i')::int8::float8 as bytes`,
    )
    const indexrelid = rows[0].oid as number
    const bytes = rows[0].bytes as number
    const says: Measured['says'] = {}
    const reasons: Measured['reasons'] = {}
    const note = (way: string, bloat: Bloat) => {
      says[way] =
        bloat.bloatRatio === null
          ? null
          : { points: 100 * bloat.bloatRatio, plusMinus: bloat.trust.kind === 'estimated' ? bloat.trust.plusMinus : 0.5 }
      if (bloat.trust.kind === 'withheld') reasons[way] = bloat.trust.reason
    }
    const estimate = estimates.find((row) => row.indexrelid === indexrelid)
    if (!estimate) throw new Error(`No estimate of ${one.table}`)
    const from = performance.now()
    note(OURS_FULL, bloatOf(value(await measureIndex(target, indexrelid))))
    const milliseconds = performance.now() - from
    note(OURS_STATINDEX, ofMeasurement(await measureByStatindex(target, indexrelid)))
    note(OURS_CATALOG, bloatOf(estimate))
    for (const [name, sql] of Object.entries(RIVALS)) {
      const answer = (await client.query(sql, [indexrelid])).rows[0]?.bloat
      says[name] = answer === null || answer === undefined ? null : { points: Math.max(0, (100 * Number(answer)) / bytes) }
    }
    measured.push({ ...one, indexrelid, bytes, says, reasons, milliseconds, truth: 0, version })
  }
  await client.end()
  return measured
}

const ofMeasurement = (measured: Awaited<ReturnType<typeof measureByStatindex>>): Bloat =>
  measured.ok
    ? bloatOf(measured.value)
    : { bloatBytes: null, bloatRatio: null, trust: { kind: 'withheld', reason: measured.problem.message } }

/** REINDEX is the judge. */
export async function rebuildAll(url: URL, measured: Measured[]): Promise<void> {
  const client = new Client({ connectionString: url.href })
  await client.connect()
  for (const one of measured) {
    await client.query(`reindex index ${one.table}_i`)
    const { rows } = await client.query('select pg_relation_size($1)::float8 as bytes', [one.indexrelid])
    one.truth = (100 * (one.bytes - (rows[0].bytes as number))) / one.bytes
  }
  await client.end()
}

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.problem.kind}: ${result.problem.message}`)
  return result.value
}
