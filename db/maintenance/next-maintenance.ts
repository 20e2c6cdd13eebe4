import type { Finding, Gain } from '../checks/define-check'
import { reindexIndexRequest } from '../commands/reindex-index/request'
import { vacuumTableRequest } from '../commands/vacuum-table/request'
import type { CommandRequest } from '../domain/command-request'
import type { IndexFinding } from '../indexes/index-finding'
import { isRebuiltConcurrently } from '../indexes/index-statements'
import type { Trust } from '../server/trust'
import type { TableFinding } from '../tables/table-health'
import { isSure, rebuildGain, vacuumGain } from './gain'

/** What past runs of a command on this server took; null while there are none. */
export interface Rates {
  runs: number
  /** Of work, per byte of the object afterwards: the fastest and the slowest. */
  secondsPerByte: { from: number; to: number }
  walPerByte: number | null
}

/** One thing worth doing, as a request for its command. */
export interface Step extends CommandRequest, Gain {
  schemaname: string
  relname: string
  /** Of a rebuild; null for a VACUUM, whose bytes are the share of dead rows in the statistics. */
  trust: Trust | null
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

interface PastRates {
  rebuild: Rates | null
  vacuum: Rates | null
}

interface Known {
  indexes: IndexFinding[]
  tables: TableFinding[]
  past: PastRates
}

/**
 * Which rebuilds and vacuums of a database give most for what they cost. Drops are left out: whether an index may go is a
 * question for a person. So are indexes that would be dropped rather than rebuilt, and estimates that are withheld or no
 * larger than their own error, which are named. What they give and cost: gain.ts.
 */
export function nextMaintenance({ indexes, tables, past }: Known): NextMaintenance {
  const heaps = new Map(tables.map(({ relid, bytes }) => [relid, bytes]))
  const worth = [
    ...indexes.flatMap((index): Worth[] => {
      const gain = rebuildGain(index, heaps.get(index.relid) ?? null)
      const { schemaname, indexrelname: relname, indexrelid: oid, trust } = index
      const request = reindexIndexRequest({ oid, concurrently: isRebuiltConcurrently(index) })
      return gain ? [{ ...request, ...gain, schemaname, relname, trust }] : []
    }),
    ...tables.flatMap((table): Worth[] => {
      const gain = vacuumGain(table)
      const { schemaname, relname, relid: oid } = table
      return gain ? [{ ...vacuumTableRequest({ oid }), ...gain, schemaname, relname, trust: null }] : []
    }),
  ]
  return { ...ranked(worth, past), leftOut: leftOut(indexes) }
}

/** The same from what checks found: what was worth it when they looked. */
export function nextOfFindings(findings: readonly Finding[], past: PastRates): Omit<NextMaintenance, 'leftOut'> {
  const worth = findings.flatMap((finding): Worth[] => {
    const { fix, gain, trust } = finding
    if (finding.kind !== 'relation' || !fix || !gain) return []
    const { schemaname, relname } = finding
    return [{ ...fix, ...gain, schemaname, relname, trust: gain.gives === 'back' ? trust : null }]
  })
  return ranked(worth, past)
}

/** A step before it is known what it takes. */
type Worth = Omit<Step, 'seconds' | 'walBytes' | 'rate'>

function ranked(worth: Worth[], past: PastRates): Omit<NextMaintenance, 'leftOut'> {
  const plain = worth.map((one) => ({ ...one, ...costOf(one.workBytes, one.gives === 'back' ? past.rebuild : past.vacuum) }))
  const by = plain.every(({ seconds }) => seconds !== null) ? 'seconds' : 'bytes'
  const steps = plain.map((step) => ({ ...step, rate: rateOf(step, by) }))
  steps.sort((a, b) => b.rate - a.rate || b.bytes - a.bytes || (a.relname < b.relname ? -1 : 1))
  return { steps, by }
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

function rateOf({ bytes, seconds, readBytes, writeBytes }: Omit<Step, 'rate'>, by: NextMaintenance['by']): number {
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
