import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { isFinal } from '../db/runs/run-states'
import { findRun } from '../db/runs/runs'
import { targetFromUrl } from '../db/server/target-url'
import { planAndConfirm } from '../test/support/confirm-run'
import type { House } from './users-sessions'

/** So long an open transaction keeps each rebuild waiting, as a report would. */
const HELD_MS = 5_000
const SERVER = 'sample'

/** The largest index of the sample. */
const LARGEST = /* sql */ `
select /* bench */ indexrelid as oid
  from pg_stat_user_indexes join pg_index using (indexrelid)
 where schemaname = 'public'
 order by pg_relation_size(indexrelid) desc
 limit 1`

/**
 * Rebuilds the largest index, through the same gate as a page, while a transaction that was there before stays open for
 * HELD_MS. Resolves with whether it ended well.
 */
export async function rebuild(house: House): Promise<boolean> {
  const holder = new Client({ connectionString: house.sampleUrl, application_name: 'report' })
  await holder.connect()
  const { rows } = await holder.query<{ oid: number }>(LARGEST)
  await holder.query('begin isolation level repeatable read; select count(*) from pg_class')
  const id = await confirm({ oid: rows[0]?.oid })
  house.run = id
  await sleep(HELD_MS)
  await holder.end()
  for (let run = await findRun(id); run && !isFinal(run.state); run = await findRun(id)) await sleep(200)
  return (await findRun(id))?.state === 'succeeded'
}

/** One rebuild after the other until it is stopped; resolves with how many ended well, and how many not. */
export function keepRunning(house: House): { stop: () => Promise<{ well: number; badly: number }> } {
  let stopping = false
  const working = (async () => {
    const done = { well: 0, badly: 0 }
    while (!stopping) done[(await rebuild(house)) ? 'well' : 'badly'] += 1
    return done
  })()
  return {
    stop: () => {
      stopping = true
      return working
    },
  }
}

async function confirm(input: Record<string, unknown>): Promise<string> {
  const target = targetFromUrl(SERVER, process.env.PROCTOR_SAMPLE_URL ?? '')
  const run = await planAndConfirm(target, 'reindex-index', input, { email: 'bench-0@example.org', role: 'admin', from: null })
  return run.id
}
