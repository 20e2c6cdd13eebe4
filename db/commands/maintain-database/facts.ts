import { z } from 'zod'
import { oid } from '../../server/columns'
import { defineRead, type Row } from '../../server/define-read'
import { failed, ok, type Result } from '../../server/problem'
import { runRead } from '../../server/run-read'
import type { Target } from '../../server/target'
import { tables } from '../../tables/reads/tables'
import { type Found, objectOid } from '../define-command'

/** So many tables go into one run: each is a statement and a step, and one run has at most 5,000 statements. */
const MOST_TABLES = 2_000

/** Older than this share of the age at which autovacuum must freeze it. */
const OLD = 0.5

/** What both commands take. */
export const databaseInput = {
  /** After so many minutes no further table is begun. */
  minutes: z.int().min(1).max(1_440).default(60),
  /** Their OIDs, in this order; left out: those that need it now, which are then kept with the run. */
  tables: z.array(objectOid).min(1).max(MOST_TABLES).optional(),
}

/** VACUUM and ANALYZE: ownership of the table or of the database, or MAINTAIN from 17 on (manual, 5.8). */
const rights = (mayMaintain: string) => /* sql */ `
with /* proctor:tables-to-maintain */ here as (
  select d.oid as datid, d.datname, pg_has_role(d.datdba, 'USAGE') as owns_database from pg_database d where d.datname = current_database()
)
select here.datid, here.datname,
       coalesce((select json_agg(json_build_object('oid', c.oid::int8, 'schemaname', n.nspname, 'relname', c.relname,
                                                   'may', (${mayMaintain} or here.owns_database) and has_schema_privilege(n.oid, 'USAGE')))
                   from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = any($1::oid[])), '[]') as tables
  from here`

const tablesToMaintain = defineRead({
  name: 'tables-to-maintain',
  about: 'Tables by OID with their names, and whether this role may VACUUM and ANALYZE them',
  params: z.object({ oids: z.array(oid) }),
  row: z.object({
    datid: oid,
    datname: z.string(),
    tables: z.array(z.object({ oid, schemaname: z.string(), relname: z.string(), may: z.boolean() })),
  }),
  keep: 0,
  sql: {
    14: rights(`pg_has_role(c.relowner, 'USAGE')`),
    17: rights(`(pg_has_role(c.relowner, 'USAGE') or has_table_privilege(c.oid, 'MAINTAIN'))`),
  },
})

export interface DatabaseFacts {
  datname: string
  minutes: number
  /** In their order, those alone that this role may maintain. */
  tables: { oid: number; schemaname: string; relname: string }[]
  /** schema.name of those that it may not. */
  refused: { schemaname: string; relname: string }[]
  /** How many more there are than go into one run. */
  left: number
}

type Table = Row<typeof tables>

/** How much a table needs it; 1: as much as makes autovacuum come. Null: not at all. */
export type Need = (table: Table, all: Table[]) => number | null

/** Dead rows, rows inserted and age, each by the threshold of autovacuum. Partitions by themselves: the whole has no rows. */
export const needsVacuum: Need = (table) => {
  if (table.relkind === 'p') return null
  const [dead, inserted, age] = [Number(table.n_dead_tup), Number(table.n_ins_since_vacuum), (table.xid_age ?? 0) / table.freeze_at]
  if (dead === 0 && inserted === 0 && age < OLD) return null
  return Math.max(dead / Math.max(table.vacuum_at, 1), table.insert_at === null ? 0 : inserted / Math.max(table.insert_at, 1), age)
}

/** Rows changed by the threshold of autovacuum; first what never was analysed. ANALYZE of a partitioned table goes through its partitions, too. */
export const needsAnalyze: Need = (table, all) => {
  if (table.root !== null) return null
  const parts = table.relkind === 'p' ? all.filter(({ root }) => root === table.relid) : [table]
  const needs = [...parts, table].map(ownAnalyze).filter((need) => need !== null)
  return needs.length === 0 ? null : Math.max(...needs)
}

function ownAnalyze({ n_mod_since_analyze: changed, analyze_at: at, last_analyze: by, last_autoanalyze: automatic }: Table): number | null {
  if (by === null && automatic === null) return Number.MAX_VALUE
  return Number(changed) === 0 ? null : Number(changed) / Math.max(at, 1)
}

/**
 * The tables that are to be maintained: those that were chosen before, as far as they are there, else those in need, the neediest first.
 * Errors: conflict where there is none; and as its reads.
 */
export async function loadDatabase(
  target: Target,
  { minutes, tables: chosen }: { minutes: number; tables?: number[] },
  need: Need,
): Promise<Result<Found<DatabaseFacts>>> {
  const inNeed = chosen ? ok(chosen) : await neediest(target, need)
  if (!inNeed.ok) return inNeed
  const rows = await runRead(target, tablesToMaintain, { oids: inNeed.value })
  if (!rows.ok) return rows
  const [row] = rows.value
  if (!row) return failed('unreachable', 'The server does not say which database this is')
  const { datid: oid, datname } = row
  const byOid = new Map(row.tables.map((table) => [table.oid, table]))
  const there = inNeed.value.flatMap((one) => byOid.get(one) ?? [])
  const may = there.filter((table) => table.may)
  const now = may.slice(0, MOST_TABLES)
  const refused = there.filter((table) => !table.may)
  if (there.length === 0) return failed('conflict', `No table of ${datname} needs it`)
  return ok({
    object: { oid, schemaname: datname, relname: datname, relfilenode: 0, relid: 0 },
    facts: { datname, minutes, tables: now, refused, left: may.length - now.length },
    ...(now.length === 0 ? {} : { chosen: { tables: now.map((table) => table.oid) } }),
  })
}

async function neediest(target: Target, need: Need): Promise<Result<number[]>> {
  const rows = await runRead(target, tables, {})
  if (!rows.ok) return rows
  const all = rows.value.map((table) => ({ oid: table.relid, need: need(table, rows.value) }))
  return ok(
    all
      .filter((one): one is { oid: number; need: number } => one.need !== null)
      .sort((a, b) => b.need - a.need || a.oid - b.oid)
      .map((one) => one.oid),
  )
}
