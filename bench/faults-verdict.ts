import { isFinal } from '../db/console/run-states'
import type { Run } from '../db/console/run-types'
import { planAndConfirm } from '../db/worker/test-confirm'
import type { House } from './faults-house'
import { logOf, over } from './faults-stages'

/** What is wrong after a fault, in words; empty when all is accounted for. */
export interface Verdict {
  state: string
  lost: string[]
  doubled: string[]
  leftovers: string[]
}

/** Compares what the run says of itself with what the server says: the index, its copies, and the log of statements. */
export async function judge(house: House, queued: Run, table: string): Promise<Verdict> {
  const run = (await over(queued.id)) ?? queued
  const verdict: Verdict = { state: run.state, lost: [], doubled: [], leftovers: [] }
  const [index] = await house.query<{ oid: number; valid: boolean }>(
    `select indexrelid::oid as oid, indisvalid as valid from pg_index where indexrelid = $1::regclass`,
    [`${table}_id`],
  )
  const rebuilt = index?.valid === true && index.oid !== queued.object.oid
  if (!isFinal(run.state)) verdict.lost.push(`stuck in ${run.state}`)
  if (run.state === 'lost') verdict.lost.push(run.problem?.message ?? 'lost')
  if (!index?.valid) verdict.lost.push('no valid index')
  if ((run.state === 'succeeded') !== rebuilt) verdict.lost.push(`says ${run.state}, but the index was ${rebuilt ? '' : 'not '}rebuilt`)

  const sent = (await house.monitored.log())
    .split('\n')
    .filter((line) => line.includes(`statement: REINDEX INDEX CONCURRENTLY public.${table}_id`))
  if (sent.length !== 1) verdict.doubled.push(`sent ${sent.length} times`)
  const noted = (await logOf(run.id)).filter((line) => line.startsWith('REINDEX'))
  if (noted.length !== 1) verdict.doubled.push(`noted ${noted.length} times`)

  const there = await house.query<{ oid: number; relname: string }>(
    `select c.oid, c.relname from pg_index join pg_class c on c.oid = indexrelid where indrelid = $1::regclass and not indisvalid`,
    [table],
  )
  const told = run.receipt?.leftovers ?? []
  for (const { oid, relname } of there) if (!told.some((one) => one.oid === oid)) verdict.leftovers.push(`${relname} was not told`)
  for (const { oid, relname } of told) if (!there.some((one) => one.oid === oid)) verdict.leftovers.push(`${relname} is not there`)
  for (const { oid, relname } of there) {
    const removal = await over((await planAndConfirm(house.target, 'drop-leftover-index', { oid })).id)
    if (removal?.state !== 'succeeded') verdict.leftovers.push(`${relname} could not be dropped: ${removal?.problem?.message}`)
  }
  return verdict
}
