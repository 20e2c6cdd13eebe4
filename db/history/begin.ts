import { consoleDb } from '../console/client'
import { numberOf, rowsOf, type TimeRange } from './range'
import { CONNECTION_SAMPLE, type Series, tableOf } from './series'

/** When the history of a server begins: with the first sample of its sessions, which every turn takes. In ms; null while there is none. */
export async function historyBegin(serverId: string, series: Series = CONNECTION_SAMPLE): Promise<number | null> {
  const firsts = series.steps.map((step) => `(select extract(epoch from min(at))::float8 from ${tableOf(series, step)} where server = $1)`)
  const { rows } = await consoleDb().$client.query<{ firsts: (number | null)[] }>(`select array[${firsts.join(', ')}] as firsts`, [
    (await numberOf(serverId)) ?? -1,
  ])
  const first = earliest(series.steps.map((step, at) => ({ step, first: rows[0]?.firsts[at] ?? null })))
  return first === null ? null : first * 1000
}

/**
 * The begin of a series by the first row of each of its steps, finest first; all in seconds. A coarser row begins with its bucket: where the
 * finer step has a row of that bucket it tells the begin better, else its rows are no longer kept.
 */
export function earliest(firsts: { step: number; first: number | null }[]): number | null {
  return firsts.reduce<number | null>((begin, { step, first }) => {
    if (first === null) return begin
    return begin === null || first < Math.floor(begin / step) * step ? first : begin
  }, null)
}

/** Shorter than this a chart shows nothing. */
const LEAST_MS = 60_000

/** What a chart shows of a range; times in ms. */
interface ToldRange {
  range: TimeRange
  /** When the history began, where that is within the range that was asked for; the range then begins there. Else null. */
  since: number | null
}

/** The part of a range that the history can tell of: what lies before its begin is left out, and said. A gap within it stays a gap. */
export function toldRange(asked: TimeRange, begin: number | null): ToldRange {
  const [from, to] = [asked.from.getTime(), asked.to.getTime()]
  if (begin === null || begin <= from || begin >= to) return { range: asked, since: null }
  return { range: { from: new Date(Math.max(from, Math.min(begin, to - LEAST_MS))), to: asked.to }, since: begin }
}

/** From the first to the last moment that a series has sampled within a range, in ms; all of the range where nothing was. */
export async function sampledPart(serverId: string, series: Series, range: TimeRange): Promise<{ from: number; to: number }> {
  const { from } = await rowsOf((await numberOf(serverId)) ?? -1, series, range)
  const { rows } = await consoleDb().$client.query<{ from: number | null; to: number | null }>(
    `select extract(epoch from min(at))::float8 * 1000 as from, extract(epoch from max(at + step * interval '1 s'))::float8 * 1000 as to from ${from} d`,
    [(await numberOf(serverId)) ?? -1],
  )
  const [first, last] = [range.from.getTime(), range.to.getTime()]
  return { from: Math.max(first, rows[0]?.from ?? first), to: Math.min(last, rows[0]?.to ?? last) }
}
