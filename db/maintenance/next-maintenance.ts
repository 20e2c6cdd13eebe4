import { reindexIndexRequest } from '../commands/reindex-index/request'
import { vacuumTableRequest } from '../commands/vacuum-table/request'
import type { CommandRequest } from '../domain/command-request'
import type { IndexFinding } from '../indexes/index-finding'
import { isRebuiltConcurrently } from '../indexes/index-statements'
import type { Trust } from '../server/trust'
import type { TableFinding } from '../tables/table-health'

/** What past runs of a command on this server took; null while there are none. */
export interface Rates {
  runs: number
  /** Of work, per byte of the object afterwards: the fastest and the slowest. */
  secondsPerByte: { from: number; to: number }
  walPerByte: number | null
}

/** One thing worth doing, as a request for its command. */
export interface Step extends CommandRequest {
  schemaname: string
  relname: string
  /** In a few words: 49% bloat. */
  why: string
  /** What it gives, in bytes: a rebuild back to the file system, a VACUUM for reuse within the table. */
  bytes: number
  gives: 'back' | 'for reuse'
  /** Of a rebuild; null for a VACUUM, whose bytes are the share of dead rows in the statistics. */
  trust: Trust | null
  /** About what it reads and writes, in bytes. */
  readBytes: number
  writeBytes: number
  /** From past runs; null while there are none. */
  seconds: { from: number; to: number } | null
  walBytes: number | null
  /** Bytes given per second of work, or per byte read and written; see `by`. */
  rate: number
}

export interface NextMaintenance {
  /** The best first. */
  steps: Step[]
  /** What the rates count in: seconds where past runs predict every step, else bytes read and written. */
  by: 'seconds' | 'bytes'
  /** What might be worth it and cannot be ranked, by the reason. */
  leftOut: { reason: string; fix: string | null; names: string[]; bytes: number }[]
}

interface Known {
  indexes: IndexFinding[]
  tables: TableFinding[]
  past: { rebuild: Rates | null; vacuum: Rates | null }
}

/**
 * Which rebuilds and vacuums of a database give most for what they cost. Drops are left out: whether an index may go is a
 * question for a person. So are indexes that would be dropped rather than rebuilt, and estimates that are withheld or no
 * larger than their own error, which are named.
 *
 * Cost, about: REINDEX CONCURRENTLY reads the table twice and its new index once, and writes the index (manual, REINDEX,
 * "Rebuilding Indexes Concurrently"); VACUUM reads table and indexes at most once, and writes the pages with dead rows.
 */
export function nextMaintenance({ indexes, tables, past }: Known): NextMaintenance {
  const heaps = new Map(tables.map(({ relid, bytes }) => [relid, bytes]))
  const sure = indexes.filter((index) => index.verdict === 'bloated' && isSure(index))
  const plain = [
    ...sure.flatMap((index) => rebuild(index, heaps.get(index.relid) ?? null, past.rebuild)),
    ...tables.flatMap((table) => vacuum(table, past.vacuum)),
  ]
  const by = plain.every(({ seconds }) => seconds !== null) ? 'seconds' : 'bytes'
  const steps = plain.map((step) => ({ ...step, rate: rateOf(step, by) }))
  steps.sort((a, b) => b.rate - a.rate || b.bytes - a.bytes || (a.relname < b.relname ? -1 : 1))
  return { steps, by, leftOut: leftOut(indexes) }
}

/** Whether there is some bloat even if the estimate is as far off as it says it may be. */
function isSure({ bytes, bloatBytes, trust }: IndexFinding): boolean {
  if (bytes === null || bloatBytes === null || trust.kind === 'withheld') return false
  return trust.kind === 'exact' || bloatBytes > (bytes * trust.plusMinus) / 100
}

type Unrated = Omit<Step, 'rate'>

function rebuild(index: IndexFinding, heap: number | null, past: Rates | null): Unrated[] {
  const { bytes, bloatBytes, bloatRatio, trust, schemaname, indexrelname, indexrelid, skipped } = index
  if (bytes === null || bloatBytes === null || heap === null || skipped !== null) return []
  const after = bytes - bloatBytes
  return [
    {
      ...reindexIndexRequest({ oid: indexrelid, concurrently: isRebuiltConcurrently(index) }),
      schemaname,
      relname: indexrelname,
      why: `${Math.round((bloatRatio ?? 0) * 100)}% bloat`,
      bytes: bloatBytes,
      gives: 'back',
      trust,
      readBytes: 2 * heap + after,
      writeBytes: after,
      ...costOf(after, past),
    },
  ]
}

/** Of a partitioned table its partitions together; they are what VACUUM works on. */
function vacuum(table: TableFinding, past: Rates | null): Unrated[] {
  const { kind, relid, schemaname, relname, bytes, indexBytes, dead, deadShare, needs, skipped, vacuuming } = table
  const wants = needs.some(({ command, reason, act }) => command === 'vacuum' && act && (reason === 'dead' || reason === 'dead-share'))
  if (kind === 'partition' || !wants || bytes === null || deadShare === null || skipped !== null || vacuuming !== null) return []
  const all = bytes + (indexBytes ?? 0)
  return [
    {
      ...vacuumTableRequest({ oid: relid }),
      schemaname,
      relname,
      why: `${Number(dead).toLocaleString('en-US')} dead rows, ${Math.round(deadShare * 100)}%`,
      bytes: Math.round(bytes * deadShare),
      gives: 'for reuse',
      trust: null,
      readBytes: all,
      writeBytes: Math.round(all * deadShare),
      ...costOf(all, past),
    },
  ]
}

function costOf(bytes: number, past: Rates | null): Pick<Step, 'seconds' | 'walBytes'> {
  if (!past || past.runs === 0) return { seconds: null, walBytes: null }
  const { from, to } = past.secondsPerByte
  return {
    seconds: { from: from * bytes, to: to * bytes },
    walBytes: past.walPerByte === null ? null : Math.round(past.walPerByte * bytes),
  }
}

/** A run takes a second or so, however small its object is. */
const LEAST_SECONDS = 1

function rateOf({ bytes, seconds, readBytes, writeBytes }: Unrated, by: NextMaintenance['by']): number {
  if (by === 'bytes' || !seconds) return bytes / Math.max(1, readBytes + writeBytes)
  return bytes / Math.max(LEAST_SECONDS, (seconds.from + seconds.to) / 2)
}

/** Kept from the ranking: b-trees large enough to matter whose bloat nobody knows, or only as well as its error. */
const WORTH_BYTES = 5 * 1024 * 1024

function leftOut(indexes: IndexFinding[]): NextMaintenance['leftOut'] {
  const groups = new Map<string, NextMaintenance['leftOut'][number]>()
  for (const index of indexes) {
    const { bytes, trust, verdict, indexrelname, skipped } = index
    const why =
      skipped !== null
        ? { reason: skipped, fix: null }
        : trust.kind === 'withheld' && verdict !== 'unused' && verdict !== 'redundant' && verdict !== 'invalid'
          ? { reason: trust.reason, fix: trust.fix ?? null }
          : verdict === 'bloated' && !isSure(index)
            ? { reason: 'the estimate is not larger than its error', fix: 'Measure it' }
            : null
    if (!why || (skipped === null && (bytes ?? 0) < WORTH_BYTES)) continue
    const found = groups.get(why.reason) ?? { ...why, names: [], bytes: 0 }
    groups.set(why.reason, { ...found, names: [...found.names, indexrelname], bytes: found.bytes + (bytes ?? 0) })
  }
  return [...groups.values()].sort((a, b) => b.bytes - a.bytes)
}
