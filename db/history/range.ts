import { consoleDb } from '../console/client'
import { readRetention } from './retention'
import { type Series, tableOf } from './series'

export interface TimeRange {
  from: Date
  to: Date
}

/** What an answer covers, in ms since the epoch, and the finest step that was used, in seconds. */
export interface Covered {
  from: number
  to: number
  step: number
}

/** Whole buckets of one step; from and to in seconds since the epoch. */
interface Piece {
  step: number
  from: number
  to: number
}

/** A range is told to an eight-hundredth of its length; finer edges would cost more rows than they are worth. */
const FINEST_PARTS = 800
const POINTS = 120

const floorTo = (seconds: number, step: number): number => Math.floor(seconds / step) * step
const ceilTo = (seconds: number, step: number): number => Math.ceil(seconds / step) * step
const secondsOf = (date: Date): number => date.getTime() / 1000

/** The finest step that is still kept at the range's begin and not too fine for its length. */
export function finestStep(range: TimeRange, steps: readonly number[], now: number, retention = readRetention()): number {
  const [from, to] = [secondsOf(range.from), secondsOf(range.to)]
  const fits = (step: number) => from >= now - (retention[step] ?? 0) && (to - from) / step <= FINEST_PARTS
  return steps.find(fits) ?? (steps.at(-1) as number)
}

/**
 * Takes a range apart into the coarsest buckets that lie within it whole and have been rolled up, and finer ones at its
 * edges; it is snapped outwards to `finest`. What is not rolled up into that step yet comes from finer rows.
 */
export function piecesOf(range: TimeRange, finest: number, steps: readonly number[], rolledUntil: Record<number, number>): Piece[] {
  const coarser = steps.filter((step) => step > finest).reverse()
  const finer = steps.filter((step) => step <= finest).reverse()
  const newest = (from: number, to: number, at: number): Piece[] => {
    const step = finer[at] as number
    const rolled = at === finer.length - 1 ? to : Math.min(to, Math.max(from, rolledUntil[step] ?? 0))
    return [...(from < rolled ? [{ step, from, to: rolled }] : []), ...(rolled < to ? newest(rolled, to, at + 1) : [])]
  }
  const fill = (from: number, to: number, at: number): Piece[] => {
    if (from >= to) return []
    const step = coarser[at]
    if (step === undefined) return newest(from, to, 0)
    const inner = { from: ceilTo(from, step), to: floorTo(Math.min(to, rolledUntil[step] ?? 0), step) }
    if (inner.from >= inner.to) return fill(from, to, at + 1)
    return [...fill(from, inner.from, at + 1), { step, ...inner }, ...fill(inner.to, to, at + 1)]
  }
  return fill(floorTo(secondsOf(range.from), finest), ceilTo(secondsOf(range.to), finest), 0)
}

/** SQL for the begin of the bucket that `at` falls into, in seconds since the epoch. */
export const bucketOf = (width: number): string => `(floor(extract(epoch from at) / ${width}) * ${width})::float8`

const coveredBy = (range: TimeRange, step: number): Covered => ({
  from: floorTo(secondsOf(range.from), step) * 1000,
  to: ceilTo(secondsOf(range.to), step) * 1000,
  step,
})

const rolledUntil = async (no: number, series: Series): Promise<Record<number, number>> => {
  const { rows } = await consoleDb().$client.query<{ step: number; until: number }>(
    'select step, extract(epoch from until)::float8 as until from rolled_up where server = $1 and series = $2',
    [no, series.name],
  )
  return Object.fromEntries(rows.map(({ step, until }) => [step, until]))
}

/** The number of a server's current series: of the cluster that its address led to last. Undefined while it has never been sampled. */
export async function numberOf(serverId: string): Promise<number | undefined> {
  const { rows } = await consoleDb().$client.query<{ no: number }>('select no from sampled_server where server_id = $1 and current', [
    serverId,
  ])
  return rows[0]?.no
}

/**
 * A FROM item with the rows of a range, `$1` being the server's number; only whole numbers of our own are put into it.
 */
export async function rowsOf(no: number, series: Series, range: TimeRange): Promise<{ covered: Covered; from: string }> {
  const finest = finestStep(range, series.steps, Date.now() / 1000)
  const pieces = piecesOf(range, finest, series.steps, await rolledUntil(no, series))
  return { covered: coveredBy(range, finest), from: fromPieces(series, pieces) }
}

const fromPieces = (series: Series, pieces: Piece[]): string => {
  const parts = (pieces.length > 0 ? pieces : [{ step: series.steps[0] as number, from: 0, to: 0 }]).map(
    ({ step, from, to }) =>
      `select * from ${tableOf(series, step)} where server = $1 and at >= to_timestamp(${from}) and at < to_timestamp(${to})`,
  )
  return `(${parts.join(' union all ')})`
}

/**
 * The same for a line over time: rows of the coarsest step that gives about as many points as asked for, and the width of a
 * point in seconds, a multiple of that step. What is not rolled up yet comes from finer rows.
 */
export async function pointsOf(
  no: number,
  series: Series,
  range: TimeRange,
  points = POINTS,
): Promise<{ covered: Covered; from: string; width: number }> {
  const { steps } = series
  const finest = finestStep(range, steps, Date.now() / 1000)
  const wanted = (range.to.getTime() - range.from.getTime()) / 1000 / points
  const step = steps.findLast((candidate) => candidate <= Math.max(wanted, finest)) ?? finest
  const width = Math.max(step, ceilTo(wanted, step))
  const rolled = await rolledUntil(no, series)
  // Pieces no coarser than a point; those finer than `step` only where nothing coarser is there.
  const snapped = { from: new Date(floorTo(secondsOf(range.from), width) * 1000), to: range.to }
  const pieces = piecesOf(
    snapped,
    finest,
    steps.filter((candidate) => candidate <= step),
    rolled,
  )
  return { covered: coveredBy(snapped, step), from: fromPieces(series, pieces), width }
}
