import type { Row } from '../server/define-read'
import { ok, type Result } from '../server/problem'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'
import { SEQUENCES_AT_ONCE, sequences } from './reads/sequences'

export type SequenceRow = Row<typeof sequences>

/** All sequences of a database, each thousand in a transaction of its own. Errors: of the read. */
export async function allSequences(target: Target): Promise<Result<SequenceRow[]>> {
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
