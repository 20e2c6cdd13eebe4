import type { Check, Finding } from '../../checks/define-check'
import { formatCount, formatPercent } from '../../domain/format'
import type { Row } from '../../server/define-read'
import { identifier, qualified } from '../../server/identifiers'
import { ok, type Result } from '../../server/problem'
import { runRead } from '../../server/run-read'
import type { Target } from '../../server/target'
import { SEQUENCES_AT_ONCE, sequences } from '../reads/sequences'

/** The marks of Dasha's list: 20% and 5% of the values are left. */
const WARN_SHARE = 0.8
const BAD_SHARE = 0.95

type SequenceRow = Row<typeof sequences>

/**
 * Against the sequence's own end and what the type of its column holds, whichever comes first: an int column behind a bigint
 * sequence fails at 2,147,483,647. One that cycles has no end.
 */
export const sequenceNearEnd: Check = {
  name: 'sequence-near-end',
  about: 'Sequences and identity columns of which at least 80% is used, by the type of the column that takes the values',
  cadence: 'hour',
  look: async (target) => {
    const read = await allSequences(target)
    if (!read.ok) return read
    return ok(
      read.value
        .flatMap((row) => {
          const used = usedOf(row)
          return used !== null && used.share >= WARN_SHARE ? [{ row, ...used }] : []
        })
        .sort((a, b) => b.share - a.share)
        .map(({ row, share, left, end }) => finding(row, share, left, end)),
    )
  },
}

/** Each thousand in a transaction of its own. */
async function allSequences(target: Target): Promise<Result<SequenceRow[]>> {
  const all: SequenceRow[] = []
  for (;;) {
    const read = await runRead(target, sequences, { after: all.at(-1)?.seqrelid ?? 0 })
    if (!read.ok) return read
    all.push(...read.value)
    if (read.value.length < SEQUENCES_AT_ONCE) return ok(all)
  }
}

/** How much of its way it has gone, 0 … 1, and how many values are left; null before the first value, or where it may not be read. */
export function usedOf(row: SequenceRow): { share: number; left: bigint; end: bigint } | null {
  if (row.last_value === null) return null
  const [last, by, max, min] = [row.last_value, row.increment, row.max_value, row.min_value].map(BigInt) as [bigint, bigint, bigint, bigint]
  const columnMax = row.column_max === null ? null : BigInt(row.column_max)
  const start = BigInt(row.start_value)
  const [first, end] =
    by > 0n
      ? [start, columnMax !== null && columnMax < max ? columnMax : max]
      : [start, columnMax !== null && -columnMax - 1n > min ? -columnMax - 1n : min]
  const [way, gone] = by > 0n ? [end - first, last - first] : [first - end, first - last]
  if (way <= 0n) return null
  const rest = (way - gone) / (by > 0n ? by : -by)
  return { share: Math.max(0, Number((gone * 10_000n) / way) / 10_000), left: rest > 0n ? rest : 0n, end }
}

function finding(row: SequenceRow, share: number, left: bigint, end: bigint): Finding {
  const sequence = qualified(row.schemaname, row.sequencename)
  const said = {
    evidence: `Its last value is ${Number(row.last_value).toLocaleString('en-US')} of ${end.toLocaleString('en-US')} (${formatPercent(share)}): ${formatCount(left, 'value')} left, then INSERT fails. ${endOf(row, end)}`,
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
