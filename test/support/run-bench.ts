import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { closeConsole, consoleDb } from '../../db/console/client'
import { registerServer } from '../../db/console/servers'
import type { Major } from '../../db/embedded/binaries'
import { claimRun } from '../../db/runs/claim'
import { type Confirmed, type ConfirmedCommand, confirmRuns } from '../../db/runs/confirm'
import { planCommand } from '../../db/runs/planner'
import { closeQueue } from '../../db/runs/run-queue'
import { isFinal } from '../../db/runs/run-states'
import type { Run } from '../../db/runs/run-types'
import { findRun, readRunLog } from '../../db/runs/runs'
import { type TakenRun, takeRun, timesTaken } from '../../db/runs/take-run'
import { forgetFacts } from '../../db/server/facts'
import { closePools } from '../../db/server/pool'
import { holdRun, type RunHold } from '../../db/worker/run-hold'
import { startWorker, type Worker, type WorkerOptions } from '../../db/worker/worker'
import { DBA, enrol } from './confirm-run'
import { testConsole } from './test-console'
import { type TestDatabase, testDatabase } from './test-database'

const PATIENCE_MS = 120_000

/** What a user does otherwise than the dialog proposes. */
interface Change {
  phrase?: string
  sql?: string[]
  terms?: Pick<Confirmed, 'giveUpMinutes' | 'window'>
}

/** For tests of runs: a console database, a monitored one on a server of the major, and what a user does with them. */
async function testBench(major: Major, monitored: () => Promise<TestDatabase>) {
  const home = await testConsole()
  process.env.PROCTOR_CONSOLE_URL = home.url
  await enrol(DBA)
  const db = await monitored()
  process.env.DATABASE_URL = db.url
  const { serverId, database } = db.target
  await registerServer({ id: serverId, name: `postgres ${major}`, source: 'environment', database })
  const value = async <T>(sql: string, values: unknown[] = []): Promise<T> =>
    Object.values((await db.client.query(sql, values)).rows[0] ?? {})[0] as T

  /** What the dialog does: plan, then confirm what was planned, typing what is asked for. */
  const confirm = async (commands: [string, Record<string, unknown>][], change: Change = {}) => {
    const confirmed: ConfirmedCommand[] = []
    let phrase = database
    for (const [command, input] of commands) {
      const planned = await planCommand(db.target, command, input)
      if (!planned.ok) throw new Error(planned.problem.message)
      confirmed.push({ command, input, statements: change.sql ?? planned.value.plan.statements, cluster: planned.value.cluster })
      if (commands.length === 1) phrase = planned.value.plan.phrase
    }
    return confirmRuns({ serverId, database, commands: confirmed, phrase: change.phrase ?? phrase, ...change.terms, actor: DBA })
  }

  /** Waits until a run is as it should be. */
  const until = async (id: string, seen: (run: Run) => boolean): Promise<Run> => {
    for (const start = Date.now(); ; await sleep(100)) {
      const run = await findRun(id)
      if (run && seen(run)) return run
      if (Date.now() - start > PATIENCE_MS) throw new Error(`Run ${id} is still ${run?.state}: ${JSON.stringify(run)}`)
    }
  }

  const working = new Set<Worker>()
  const OWNER = 'a worker of the test'
  const held = (found: TakenRun | undefined, stopping: AbortSignal): { run: Run; hold: RunHold } => {
    if (!found) throw new Error('Another has it, or it may not begin')
    return { run: found.run, hold: holdRun({ id: found.run.id, taken: found.taken }, stopping) }
  }

  return {
    db,
    /** A session of the owner of the console database. */
    home: () => home.connect(),
    value,
    confirm,
    until,
    startWorker: async (options?: WorkerOptions): Promise<Worker> => {
      const worker = await startWorker(options)
      working.add(worker)
      const stop = async () => {
        if (working.delete(worker)) await worker.stop()
      }
      return { stop }
    },
    stopWorkers: async (): Promise<void> => {
      for (const worker of working) await worker.stop()
      working.clear()
    },
    confirmed: async (command: string, input: Record<string, unknown>, terms: Change['terms'] = {}): Promise<Run> => {
      const runs = await confirm([[command, input]], { terms })
      if (!runs.ok) throw new Error(runs.problem.message)
      return runs.value[0] as Run
    },
    /** Claims a queued run as a worker does; undefined when it is not due at the moment `now`. */
    claim: async (id: string, now?: Date): Promise<TakenRun | undefined> =>
      claimRun(serverId, id, { owner: OWNER, seen: (await timesTaken(id, consoleDb())) ?? 0, now }),
    claimed: async (id: string, stopping = new AbortController().signal) =>
      held(await claimRun(serverId, id, { owner: OWNER, seen: (await timesTaken(id, consoleDb())) ?? 0 }), stopping),
    /** Takes a run that is going on from whoever has it. */
    taken: async (id: string, stopping = new AbortController().signal) => {
      const seen = (await timesTaken(id, consoleDb())) ?? 0
      return held(await takeRun({ id, owner: OWNER, seen, from: ['running', 'cancelling'] }, consoleDb()), stopping)
    },
    over: (id: string) => until(id, ({ state }) => isFinal(state)),
    logOf: async (id: string) => (await readRunLog(id)).map(({ message }) => message).join('\n'),
    oidOf: (name: string) => value<number>('select $1::regclass::oid', [name]),
    sizeOf: (name: string) => value<string>('select pg_relation_size($1::regclass)', [name]).then(Number),
    /** A table whose index and heap are three quarters air. */
    bloated: async (name: string): Promise<void> => {
      await db.client.query(`create table ${name} (id int, note text) with (autovacuum_enabled = off)`)
      await db.client.query(`insert into ${name} select i, repeat('x', 100) from generate_series(1, 20000) i`)
      await db.client.query(`create index ${name}_id on ${name} (id)`)
      await db.client.query(`delete from ${name} where id % 4 <> 0`)
    },
    /** A session with an open transaction that keeps a snapshot or a lock. */
    hold: async (sql: string): Promise<{ pid: number; end: () => Promise<void> }> => {
      const session = await db.connect()
      await session.query(`begin isolation level repeatable read; set application_name = 'metabase'; ${sql}`)
      const { rows } = await session.query('select pg_backend_pid() as pid')
      return { pid: rows[0].pid, end: async () => void (await session.query('rollback')) }
    },
    drop: async (): Promise<void> => {
      await closeQueue()
      await closeConsole()
      await closePools()
      forgetFacts()
      await db.drop()
      await home.drop()
    },
  }
}

type TestBench = Awaited<ReturnType<typeof testBench>>

/**
 * A bench for the tests of a file or a group: there before the first, gone after the last. Workers end with the test that started
 * them. `monitored` makes its database, where another server than that of all tests is wanted.
 */
export function benchForTests(major: Major, monitored = () => testDatabase(major)): TestBench {
  const bench = {} as TestBench
  beforeAll(async () => void Object.assign(bench, await testBench(major, monitored)))
  afterEach(() => bench.stopWorkers())
  afterAll(() => bench.drop())
  return bench
}
