import { formatAge, formatMoment } from '../../domain/format'
import { addScans, type CountedUse, type Scans } from '../../indexes/counted-use'
import { existedBy } from '../../indexes/existed-by'
import { UNWATCHED } from '../../indexes/index-past'
import { readCountedUse } from '../../indexes/read-counted-use'
import { indexHealth } from '../../indexes/reads/index-health'
import { formatScan } from '../../indexes/use-sentences'
import type { Row } from '../../server/define-read'
import { runRead } from '../../server/run-read'
import { line, type PreflightCheck } from '../define-command'
import type { DropIndexFacts } from './drop-evidence'

type Index = Row<typeof indexHealth>

/** Scans on all servers of the cluster, since when they are counted, what each of them saved, and whether the index is as old as that. */
export const scans: PreflightCheck<DropIndexFacts> = async (target, { object: { oid }, facts, known }) => {
  if (facts.indisvalid === false) return line('scans', 'pass', 'Invalid', 'No query uses it.')
  const past = (await known.indexPast?.()) ?? UNWATCHED
  const [read, rows] = await Promise.all([readCountedUse(target, past), runRead(target, indexHealth, {})])
  if (!read.ok) return read
  if (!rows.ok) return rows
  const { counted } = read.value
  const parts = rows.value.filter(({ indexrelid, indexroot }) => (facts.relkind === 'I' ? indexroot === oid : indexrelid === oid))
  const own = { scans: BigInt(facts.drop.idx_scan), last: facts.drop.last_idx_scan }
  const found = parts.reduce((sum, { indexrelid }) => addScans(sum, counted.elsewhere.get(indexrelid)), own)
  const on = counted.servers > 1 ? ` on ${counted.servers} servers` : ''
  const seconds = (counted.now - counted.since) / 1000
  const window = `the ${formatAge(seconds)} since ${formatMoment(new Date(counted.since).toISOString())}${on}`
  const withheld = counted.withheld === null ? '' : ` ${sentence(counted.withheld.reason)}`
  if (found.scans > 0n) return line('scans', 'warn', 'Queries use it', `${usedWords(found, window, parts)}${withheld}`)
  if (counted.withheld) return line('scans', 'warn', 'No scan here, which is not all', `None in ${window}.${withheld}`)
  const existed = await existedBy(target, past, read.value.own, oid)
  return unscanned(counted, existed, past.unusedAfter, window, on)
}

function unscanned({ now, since }: CountedUse, existed: string | null, unusedAfter: number, window: string, on: string) {
  if (existed === null)
    return line('scans', 'warn', 'No scan, but its age is not known', `None in ${window}. An index that was just built has none either.`)
  const from = Math.max(since, Date.parse(existed))
  const seconds = (now - from) / 1000
  const none = `None in the ${formatAge(seconds)} since ${formatMoment(new Date(from).toISOString())}`
  if (seconds < unusedAfter)
    return line(
      'scans',
      'warn',
      'Counted for too short a time',
      `${none}; a query that runs once in ${formatAge(unusedAfter)} would not show.`,
    )
  return line('scans', 'pass', 'No scan', `${none}${on}.`)
}

const scanWords = (scans: bigint): string => `${scans} ${scans === 1n ? 'scan' : 'scans'}`
const sentence = (clause: string): string => `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`

function usedWords({ scans, last }: Scans, window: string, parts: Index[]): string {
  const sum = (of: (part: Index) => bigint) => parts.reduce((so, part) => so + of(part), 0n)
  const saved = formatScan({
    idxScan: sum((part) => BigInt(part.idx_scan)),
    tupRead: sum((part) => BigInt(part.idx_tup_read)),
    tableBytes: parts.reduce((so, part) => so + part.table_bytes, 0),
  })
  const latest = last === null ? '' : `, the last on ${formatMoment(last)}`
  return `${scanWords(scans)} in ${window}${latest}.${saved === null ? '' : ` ${saved}`}`
}
