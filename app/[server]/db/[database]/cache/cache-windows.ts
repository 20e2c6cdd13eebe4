import type { IoRow, RelationBlocks } from '@/components/cache/cache-answer'
import { relationParts } from '@/db/cache/reads/relation-parts'
import type { IoTotals, RelationTotals } from '@/db/history/block-totals'
import { IO_SUMS } from '@/db/history/series-of-use'
import { ok, type Result } from '@/db/server/problem'
import { runRead } from '@/db/server/run-read'
import type { Target } from '@/db/server/target'

const keyOf = ({ backend_type, object, context }: Pick<IoRow, 'backend_type' | 'object' | 'context'>) =>
  `${backend_type} ${object} ${context}`

/** The rows of pg_stat_io with what was sampled in their place; what a backend never does there stays null, and nothing counts since a reset. */
export function ioOverRange(now: IoRow[], sampled: IoTotals[]): IoRow[] {
  const byKey = new Map(sampled.map((row) => [keyOf(row), row]))
  return now.map((row) => {
    const sums = byKey.get(keyOf(row))
    const values = IO_SUMS.map((name) => {
      if (row[name] === null) return [name, null]
      const value = sums?.[name] ?? 0
      return [name, typeof row[name] === 'string' ? String(Math.round(value)) : value]
    })
    return { ...row, ...Object.fromEntries(values), stats_reset: null }
  })
}

/** What was sampled of relations, by table with its parts and by index, under their present names; those that are gone are among the others. */
export async function relationsOverRange(target: Target, moved: RelationTotals, listed: number): Promise<Result<RelationBlocks>> {
  const read = await runRead(target, relationParts, { oids: moved.relations.map(({ relid }) => relid) })
  if (!read.ok) return read
  const sums = new Map(moved.relations.map((row) => [row.relid, row]))
  const parts = read.value
    .flatMap((row) => {
      const sum = sums.get(row.oid)
      return sum ? [{ ...row, read: sum.read, hit: sum.hit }] : []
    })
    .sort((a, b) => b.read - a.read || b.hit - a.hit || a.oid - b.oid)
  const total = (some: typeof parts) => some.reduce((sum, one) => sum + one.read, 0)
  const tables = [...Map.groupBy(parts, ({ relid }) => relid)]
    .map(([relid, own]) => ({ relid, own }))
    .sort((a, b) => total(b.own) - total(a.own))
  const indexes = parts.filter(({ part }) => part === 'index')
  const text = ({ read, hit }: { read: number; hit: number }) => ({ read: String(read), hit: String(hit) })
  return ok({
    tables: tables.slice(0, listed).map(({ relid, own }) => ({
      relid,
      schemaname: own[0]?.schemaname ?? '',
      relname: own[0]?.table ?? '',
      parts: own
        .toSorted((a, b) => Number(a.part === 'index') - Number(b.part === 'index'))
        .map(({ oid, relname, part, bytes, ...sum }) => ({ oid, relname, part, bytes, seq_scans: '0', ...text(sum) })),
    })),
    indexes: indexes
      .slice(0, listed)
      .map(({ oid, relname, schemaname, table, bytes, ...sum }) => ({ oid, relname, schemaname, table, bytes, ...text(sum) })),
    table_count: null,
    index_count: null,
    user_read: String(moved.user.read),
    user_hit: String(moved.user.hit),
    index_read: String(total(indexes)),
    index_hit: String(indexes.reduce((sum, { hit }) => sum + hit, 0)),
    system_read: String(moved.system.read),
    system_hit: String(moved.system.hit),
  })
}
