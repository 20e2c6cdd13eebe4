import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { type ConsoleFaultPlan, failWrites } from '../../test/support/console-faults'
import type { Case } from './case'
import type { Fault } from './fault'
import type { House } from './house'
import { type Variant, variant } from './works'

/** What a console database may answer to a write that it took the day before. */
const ANSWERS = {
  '57014': 'cancelled',
  '40P01': 'deadlocked',
  '40001': 'not serialised',
  '53100': 'disk full',
  '53300': 'no connection left',
  '25006': 'read-only',
  '55P03': 'lock not had in time',
  '58030': 'input/output error',
  '57P01': 'session terminated',
} as const

type Write = Pick<ConsoleFaultPlan, 'table' | 'on' | 'when' | 'nth' | 'at'>

/** Every write of a run by its worker, from the claim to the end; RUN is its id. */
const WRITES: Record<string, Write> = {
  'at the claim': { table: 'run', on: 'update', when: `new.id = RUN and old.state = 'queued' and new.state = 'running'` },
  'at the check before': { table: 'run_log', when: 'new.run_id = RUN', nth: 1 },
  'when its session is noted': { table: 'run', on: 'update', when: 'new.id = RUN and old.progress is null and new.progress is not null' },
  'at the line about its session': { table: 'run_log', when: 'new.run_id = RUN', nth: 2 },
  'at the line of its statement': { table: 'run_log', when: `new.run_id = RUN and new.message like 'REINDEX%'` },
  'while progress is noted': {
    table: 'run',
    on: 'update',
    when: `new.id = RUN and old.progress is not null and new.state in ('running', 'cancelling')`,
  },
  'when it ends': {
    table: 'run',
    on: 'update',
    when: `new.id = RUN and old.state <> new.state and new.state not in ('queued', 'running')`,
  },
  'at the commit of its end': {
    table: 'run',
    on: 'update',
    when: `new.id = RUN and old.state <> new.state and new.state not in ('queued', 'running')`,
    at: 'commit',
  },
  'at its last line': { table: 'run_log', when: `new.run_id = RUN and new.message like 'done%'` },
  'at its line in the audit': { table: 'audit', when: `new.run_id = RUN and new.action <> 'run.confirmed'` },
}

const REBUILD = variant('rebuild', 'building')

/** Queued before there is a worker; held while it builds, so that there is progress to note. */
const at = (write: string): Variant => ({
  work: REBUILD.work,
  stage: { ...REBUILD.stage, queue: 'unclaimed' },
  name: `rebuild: ${write}`,
})

/** Time for a run that was taken to be sent, and for its progress to be noted. */
const BUILD_MS = 3_000
/** One whose claim fails is queued for longer. */
const TAKEN_MS = 8_000
const PATIENCE_MS = 20_000

const failing =
  (sqlstate: keyof typeof ANSWERS, times: number): Fault['inject'] =>
  async (house, cases) => {
    const client = new Client({ connectionString: house.main.url }) // the owner of its tables
    await client.connect()
    const faults = []
    for (const one of cases) faults.push(await plant(client, one, sqlstate, times))
    house.main.startWorker()
    await untilTaken(house, cases)
    await sleep(BUILD_MS)
    await Promise.all(cases.map((one) => one.release()))
    let failed: number[] = []
    for (const until = Date.now() + PATIENCE_MS; ; await sleep(100)) {
      failed = []
      for (const fault of faults) failed.push(await fault.failed())
      if (failed.every((one) => one >= times) || Date.now() > until) break
    }
    for (const fault of faults) await lift(fault)
    await client.end()
    const missed = cases.filter((_, nth) => failed[nth] === 0).map(({ what }) => what.name)
    if (missed.length > 0) throw new Error(`No such write came: ${missed.join(', ')}`)
  }

async function untilTaken({ main }: House, cases: Case[]): Promise<void> {
  const ids = cases.map(({ run }) => run.id)
  for (const until = Date.now() + TAKEN_MS; Date.now() < until; await sleep(100))
    if ((await main.query(`select from run where id = any($1) and state = 'queued'`, [ids])).length === 0) return
}

const plant = (client: Client, { run, what }: Case, sqlstate: keyof typeof ANSWERS, times: number) => {
  const write = WRITES[what.name.replace('rebuild: ', '')] ?? { table: 'run' }
  return failWrites(client, { ...write, when: write.when?.replaceAll('RUN', run.id), times, sqlstate, end: sqlstate === '57P01' })
}

/** Dropping a trigger waits for whoever writes, and may be the deadlock that was not meant. */
async function lift(fault: Awaited<ReturnType<typeof failWrites>>): Promise<void> {
  for (let tried = 0; ; tried++) {
    const lifted = await fault.lift().then(
      () => true,
      (error) => (tried > 20 ? Promise.reject(error) : false),
    )
    if (lifted) return
  }
}

export const CONSOLE_STATEMENTS: Fault[] = (Object.keys(ANSWERS) as (keyof typeof ANSWERS)[]).map((sqlstate, nth) => ({
  kind: 'console statement fails',
  name: `${sqlstate} ${ANSWERS[sqlstate]}${nth % 2 === 1 ? ', three times' : ''}`,
  variants: Object.keys(WRITES).map(at),
  workers: 0,
  inject: failing(sqlstate, nth % 2 === 1 ? 3 : 1),
}))

/** The worker dies in the middle of a write, which is committed or not when nobody hears of it. */
export const KILLED_AT_WRITES: Fault[] = Object.keys(WRITES).map((write) => ({
  kind: 'worker killed at a write',
  name: write,
  variants: [at(write)],
  workers: 0,
  inject: async (house, cases) => {
    const [one] = cases
    if (!one) return
    const client = await house.home.connect(house.main.database)
    await pauseAt(client, one, WRITES[write] ?? { table: 'run' })
    house.main.startWorker()
    const released = untilTaken(house, cases)
      .then(() => sleep(BUILD_MS))
      .then(() => one.release())
    await pausedBackend(house)
    await house.killWorkers()
    await client.query('select pg_advisory_unlock_all()')
    await released
    house.main.startWorker()
    await client.query('drop function bench_pause() cascade')
    await client.end()
  },
}))

/** The write waits for an advisory lock that the bench holds, and then does what it was to do. */
async function pauseAt(client: Client, { run }: Case, { table, on, when, at: moment }: Write): Promise<void> {
  await client.query(`create function bench_pause() returns trigger language plpgsql as $$
    begin
      if ${(when ?? 'true').replaceAll('RUN', run.id)} then perform pg_advisory_lock(4712), pg_advisory_unlock(4712); end if;
      return new;
    end $$`)
  await client.query('select pg_advisory_lock(4712)')
  const event = on ?? 'insert or update'
  await client.query(
    moment === 'commit'
      ? `create constraint trigger bench_pause after ${event} on "${table}" deferrable initially deferred for each row execute function bench_pause()`
      : `create trigger bench_pause before ${event} on "${table}" for each row execute function bench_pause()`,
  )
}

async function pausedBackend({ home, main }: House): Promise<void> {
  const sql = `select from pg_stat_activity where datname = $1 and wait_event = 'advisory' and application_name <> 'bench'`
  for (const until = Date.now() + PATIENCE_MS; ; await sleep(50)) {
    if ((await home.query('postgres', sql, [main.database])).length > 0) return
    if (Date.now() > until) throw new Error('No such write came')
  }
}
