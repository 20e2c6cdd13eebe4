import { setTimeout as sleep } from 'node:timers/promises'
import { isFinal } from '../db/console/run-states'
import type { Run } from '../db/console/run-types'
import { findRun, readRunLog } from '../db/console/runs'
import { patiently } from '../db/worker/patient'
import { planAndConfirm } from '../db/worker/test-confirm'
import type { House } from './faults-house'

const PATIENCE_MS = 90_000

/** Where in REINDEX CONCURRENTLY the fault comes: what holds it there, and the phase that the server then tells. */
export const STAGES = {
  'waiting for writers': { hold: (table: string) => `begin; insert into ${table} values (0)`, phase: 'waiting for writers before build' },
  building: { hold: null, phase: 'building index%' },
  'waiting for snapshots': {
    hold: () => 'begin isolation level repeatable read; select from elsewhere',
    phase: 'waiting for old snapshots',
  },
  'waiting for readers': { hold: (table: string) => `begin; select from ${table}`, phase: 'waiting for readers before marking dead' },
} as const

export type Stage = keyof typeof STAGES

/** What the stages need: a table to hold a snapshot with, and an index that takes its time where the worker builds it. */
export async function prepare({ query }: House): Promise<void> {
  await query(`
    create table elsewhere (id int);
    create function slowly(int) returns int immutable language plpgsql as
      $$ begin perform pg_sleep(coalesce(current_setting('bench.pause', true), '0')::float); return $1; end $$;
    alter database postgres set bench.pause = '0.002'`)
}

export const makeTable = ({ query }: House, name: string): Promise<unknown> =>
  query(`set bench.pause = '0'; create table ${name} (id int); insert into ${name} select generate_series(1, 2000);
         create index ${name}_id on ${name} (slowly(id))`)

export async function confirmRebuild(house: House, table: string): Promise<Run> {
  const [index] = await house.query<{ oid: number }>('select $1::regclass::oid as oid', [`${table}_id`])
  return planAndConfirm(house.target, 'reindex-index', { oid: index?.oid })
}

/** Begins a rebuild and waits until it is where the fault is to come. Returns the run and how the holder lets go. */
export async function begin(house: House, table: string, stage: Stage): Promise<{ run: Run; release: () => Promise<void> }> {
  const { hold, phase } = STAGES[stage]
  const holder = hold ? await house.connect() : null
  if (holder && hold) await holder.query(hold(table))
  const run = await confirmRebuild(house, table)
  for (const until = Date.now() + PATIENCE_MS; ; await sleep(50)) {
    const there = await house.query(`select from pg_stat_progress_create_index where relid = $1::regclass and phase like $2`, [
      table,
      phase,
    ])
    if (there.length > 0) break
    if (Date.now() > until) throw new Error(`Run ${run.id} never came to "${phase}": ${JSON.stringify(await findRun(run.id))}`)
  }
  const release = async () => void (await holder?.query('rollback').catch(() => undefined)) // a restart has done it already
  return { run, release }
}

/** Waits for the end of a run; what it is when the patience ends. */
export async function over(id: string): Promise<Run | undefined> {
  for (const until = Date.now() + PATIENCE_MS; ; await sleep(100)) {
    const run = await patiently(() => findRun(id))
    if (!run || isFinal(run.state) || Date.now() > until) return run
  }
}

export const logOf = async (id: string): Promise<string[]> => (await patiently(() => readRunLog(id))).map(({ message }) => message)
