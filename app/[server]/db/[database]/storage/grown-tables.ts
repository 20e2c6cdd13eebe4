import type { GrownTable, StorageAnswer } from '@/components/storage/storage-answers'
import type { TimeRange } from '@/db/history/range'
import { tableGrowth } from '@/db/history/tables'
import { ok } from '@/db/server/problem'
import { runRead } from '@/db/server/run-read'
import { inDatabase, type Target } from '@/db/server/target'
import { tableSizes } from '@/db/tables/reads/table-sizes'

const MOST_GROWERS = 12
/** A server sees few connections from the console: those with the greatest growers, and the page's own, are looked into. */
const MOST_DATABASES = 4

/** The tables of all databases that grew most, with their present names and sizes; those that are gone are left out. */
export async function readGrowers(
  target: Target,
  databases: { datname: string; may_connect: boolean }[],
  range: TimeRange,
): Promise<Pick<StorageAnswer, 'growers' | 'unseen'>> {
  const grown = await tableGrowth(target.serverId, null, range, 4 * MOST_GROWERS)
  const there = new Map(databases.map(({ datname, may_connect: may }) => [datname, may]))
  const names = [...new Set([target.database, ...grown.map(({ datname }) => datname)])].filter((name) => there.has(name))
  const looked = names.filter((name) => there.get(name)).slice(0, MOST_DATABASES)
  const seen = new Set<string>()
  const tables: GrownTable[] = []
  for (const database of looked) {
    const now = await runRead(inDatabase(target, database), tableSizes, {})
    if (!now.ok && database === target.database) return { growers: now, unseen: [] }
    if (!now.ok) continue
    seen.add(database)
    const byId = new Map(now.value.map((row) => [row.relid, row]))
    for (const { relid, first, firstAt } of grown.filter(({ datname }) => datname === database)) {
      const row = byId.get(relid)
      const bytes = row ? row.heap_bytes + row.toast_bytes + row.index_bytes : 0
      if (row && bytes > first)
        tables.push({ database, relid, schemaname: row.schemaname, relname: row.relname, bytes, added: bytes - first, since: firstAt })
    }
  }
  return {
    growers: ok(tables.sort((a, b) => b.added - a.added).slice(0, MOST_GROWERS)),
    unseen: names.filter((name) => !seen.has(name)),
  }
}
