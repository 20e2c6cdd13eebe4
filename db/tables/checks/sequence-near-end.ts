import type { Check, Finding } from '../../checks/define-check'
import { type DailyValue, daysUntil, forecast } from '../../domain/forecast'
import { formatCount, formatDay, formatPercent } from '../../domain/format'
import { identifier, qualified } from '../../server/identifiers'
import { ok } from '../../server/problem'
import { allSequences, type SequenceRow, usedOf } from '../used-sequences'

/** The marks of Dasha's list: 20% and 5% of the values are left. */
const WARN_SHARE = 0.8
const BAD_SHARE = 0.95
/** Below it no date is looked for: samples begin here as well. */
const LEAST_SHARE = 0.5
/** A later day is no help to anybody. */
const MOST_DAYS = 3_650

/** Our choice: a bigint column beside an int one takes weeks to fill. */
const SOON_DAYS = 60
const DAY_MS = 86_400_000

/** When the values end, at the rate of the days that were sampled; days from now. */
interface End {
  median: number
  early: number | null
  late: number | null
  /** Values a day, and of how many days. */
  perDay: number
  days: number
}

/**
 * Against the sequence's own end and what the type of its column holds, whichever comes first: an int column behind a bigint
 * sequence fails at 2,147,483,647. One that cycles has no end. From half of its way on a sequence is also found by its date, where 14 days
 * of samples or more have one and the whole 80 % band of their rate goes there.
 */
export const sequenceNearEnd: Check = {
  name: 'sequence-near-end',
  about:
    'Sequences and identity columns of which at least 80% is used, or that end within 60 days, by the type of the column that takes the values',
  cadence: 'hour',
  look: async (target, past) => {
    const read = await allSequences(target)
    if (!read.ok) return read
    const used = read.value.flatMap((row) => {
      const how = usedOf(row)
      return how && how.share >= LEAST_SHARE ? [{ row, ...how }] : []
    })
    if (used.length === 0) return ok([])
    const sampled = await past?.sequences?.(target.database)
    return ok(
      used
        .map((one) => ({ ...one, by: endBy(sampled?.get(one.row.seqrelid) ?? [], one) }))
        .filter(({ share, by }) => share >= WARN_SHARE || (by !== null && by.median <= SOON_DAYS))
        .sort((a, b) => b.share - a.share)
        .map(({ row, ...how }) => finding(row, how)),
    )
  },
}

/** null: no date, or not by that rate. The values are counted in the direction of the sequence. */
export function endBy(values: readonly DailyValue[], { row, left }: { row: SequenceRow; left: bigint }): End | null {
  const step = Number(row.increment)
  const told = forecast(values.map(({ day, value }) => ({ day, value: value / step })))
  if (told.kind === 'none' || told.trend.low <= 0) return null
  const { median, early, late } = daysUntil(told.trend, told.trend.from.value + Number(left))
  return median === null ? null : { median, early, late, perDay: told.trend.slope, days: told.trend.days }
}

interface Used {
  share: number
  left: bigint
  end: bigint
  by: End | null
}

function dateOf(by: End | null): string {
  if (by === null) return ''
  const day = (days: number) => formatDay(new Date(Date.now() + days * DAY_MS).toISOString())
  if (by.median > MOST_DAYS) return ` That is more than ten years away, by the values of ${by.days} days.`
  const late = by.late === null ? day(by.median) : day(by.late)
  return ` That would be around ${day(by.median)} (80% band ${day(by.early ?? by.median)} to ${late}), by ${formatCount(Math.round(by.perDay), 'value')} a day over ${by.days} days.`
}

function finding(row: SequenceRow, { share, left, end, by }: Used): Finding {
  const sequence = qualified(row.schemaname, row.sequencename)
  const said = {
    evidence: `Its last value is ${Number(row.last_value).toLocaleString('en-US')} of ${end.toLocaleString('en-US')} (${formatPercent(share)}): ${formatCount(left, 'value')} left, then INSERT fails.${dateOf(by)} ${endOf(row, end)}`,
    trust: { kind: 'exact' },
    severity: share >= BAD_SHARE ? 'bad' : 'warn',
    fix: null,
    // The type of the sequence is in the catalog alone; the type of a column is in every row.
    sql: isOwnEnd(row, end) && isRaisable(row) ? `ALTER SEQUENCE ${sequence} AS bigint NO MAXVALUE;` : null,
  } as const
  if (row.table_oid === null || row.table_schema === null || row.table_name === null)
    return { ...said, kind: 'server', name: sequence, title: `Sequence ${sequence} is near its end` }
  const column = `${qualified(row.table_schema, row.table_name)}.${identifier(row.column_name ?? '')}`
  const relation = {
    kind: 'relation',
    what: 'table',
    schemaname: row.table_schema,
    relname: row.table_name,
    oid: row.table_oid,
    part: row.column_name ?? sequence,
  } as const
  return { ...said, ...relation, title: `${column} runs out of values` }
}

/** The sequence ends before its column does. */
const isOwnEnd = (row: SequenceRow, end: bigint): boolean => row.column_max === null || BigInt(row.column_max) !== end
/** An ascending one whose column, as far as it is known, holds more. */
const isRaisable = ({ increment, column_type: type }: SequenceRow): boolean =>
  !increment.startsWith('-') && (type === null || type === 'bigint')

function endOf(row: SequenceRow, end: bigint): string {
  const sequence = qualified(row.schemaname, row.sequencename)
  if (isOwnEnd(row, end)) return `That is the end of sequence ${sequence} itself.`
  const holds = `That is what a column of type ${row.column_type} holds, whatever sequence ${sequence} could give.`
  if (row.table_schema === null || row.table_name === null) return holds
  const widen = `ALTER TABLE ${qualified(row.table_schema, row.table_name)} ALTER COLUMN ${identifier(row.column_name ?? '')} TYPE bigint`
  return `${holds} ${widen} rewrites the table, and nobody reads or writes it meanwhile: on a large table fill a new column beside it.`
}
