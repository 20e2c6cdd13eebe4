import { consoleDb } from '../console/client'
import { sampledPart } from './begin'
import { numberOf, rowsOf, type TimeRange } from './range'
import { BLOCK_SUMS, IO_DELTA, IO_SUMS, OTHER_RELATIONS, RELATION_IO_DELTA, SYSTEM_RELATIONS } from './series-of-use'

/** Blocks asked of the kernel, and found in shared_buffers. */
interface BlockSums {
  read: number
  hit: number
}

export interface RelationTotals {
  /** What was sampled of the range, ms since the epoch, and how much of that, in seconds; 0: nothing. */
  from: number
  to: number
  seconds: number
  /** Those with the most reads, by OID. */
  relations: (BlockSums & { relid: number })[]
  /** Of all relations of users, and of system catalogs. */
  user: BlockSums
  system: BlockSums
}

/** A row tells of the time before its bucket: it is looked for so much later, ms. */
const BEHIND_MS = (RELATION_IO_DELTA.steps[0] as number) * 1000

/** Blocks of the relations of a database over a range, of those that were among the most read or needed of their ten minutes. */
export async function relationTotals(serverId: string, database: string, range: TimeRange, limit: number): Promise<RelationTotals> {
  const no = (await numberOf(serverId)) ?? -1
  const late = (date: Date) => new Date(date.getTime() + BEHIND_MS)
  const { from } = await rowsOf(no, RELATION_IO_DELTA, { from: late(range.from), to: late(range.to) })
  const [read, hit] = BLOCK_SUMS.map((name) => `coalesce(sum(d.${name}), 0)::float8`)
  const { rows } = await consoleDb().$client.query<BlockSums & { relid: number; seconds: number | null; first: number; last: number }>(
    /* sql */ `
select d.relid::int8::float8 as relid, ${read} as read, ${hit} as hit, sum(d.seconds)::float8 as seconds,
       extract(epoch from min(d.at))::float8 * 1000 as first, extract(epoch from max(d.at))::float8 * 1000 as last
  from ${from} d
 where d.datid in (select datid from sampled_database n where n.server = $1 and n.datname = $2)
 group by 1 order by 2 desc, 3 desc, 1`,
    [no, database],
  )
  const others = rows.find(({ relid }) => relid === OTHER_RELATIONS)
  const system = rows.find(({ relid }) => relid === SYSTEM_RELATIONS)
  const relations = rows.filter(({ relid }) => relid !== OTHER_RELATIONS && relid !== SYSTEM_RELATIONS)
  const sumOf = (some: BlockSums[]): BlockSums =>
    some.reduce<BlockSums>((sum, one) => ({ read: sum.read + one.read, hit: sum.hit + one.hit }), { read: 0, hit: 0 })
  return {
    from: (others?.first ?? range.from.getTime()) - BEHIND_MS,
    to: others?.last ?? range.to.getTime(),
    seconds: others?.seconds ?? 0,
    relations: relations.slice(0, limit).map(({ relid, read, hit }) => ({ relid, read, hit })),
    user: sumOf(others ? [...relations, others] : relations),
    system: sumOf(system ? [system] : []),
  }
}

/** pg_stat_io over a range, by its keys; times in ms. */
export type IoTotals = Record<(typeof IO_SUMS)[number], number> & { backend_type: string; object: string; context: string }

/** What each kind of backend did over a range, and from when to when it was sampled, ms since the epoch. Empty: nothing was. */
export async function ioTotals(serverId: string, range: TimeRange): Promise<{ from: number; to: number; rows: IoTotals[] }> {
  const no = (await numberOf(serverId)) ?? -1
  const { from } = await rowsOf(no, IO_DELTA, range)
  const { rows } = await consoleDb().$client.query<IoTotals>(
    `select ${IO_DELTA.keys.join(', ')}, ${IO_SUMS.map((name) => `coalesce(sum(${name}), 0)::float8 as ${name}`).join(', ')}
       from ${from} d group by ${IO_DELTA.keys.join(', ')}`,
    [no],
  )
  return { ...(await sampledPart(serverId, IO_DELTA, range)), rows }
}
