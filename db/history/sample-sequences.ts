import { inDatabase } from '../server/target'
import { allSequences, usedOf } from '../tables/used-sequences'
import { insertRows } from './insert-rows'
import { failedWith, nothing, type Place } from './memory'
import { SEQUENCE_SAMPLE } from './series-of-use'

/** One that has less of its way behind it has no date worth a word. */
const LEAST_SHARE = 0.5

/** Where the sequences of a database are that have used up half of their values. */
export async function sampleSequences({ memory, no, now, session, target }: Place, database: string) {
  const datid = [...memory.databases].find(([, { datname }]) => datname === database)?.[0]
  if (datid === undefined) return nothing
  const read = await allSequences(inDatabase(target, database))
  if (!read.ok) return failedWith(read.problem)
  const rows = read.value
    .filter((row) => (usedOf(row)?.share ?? 0) >= LEAST_SHARE)
    .map(({ seqrelid, last_value }) => ({ datid, seqrelid, last_value }))
  await session.transaction((query) => insertRows(query, SEQUENCE_SAMPLE, no, now(), rows))
  return nothing
}
