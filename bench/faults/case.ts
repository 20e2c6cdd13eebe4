import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import { addServer, removeServer } from '../../db/console/server-changes'
import { recordedTarget } from '../../db/console/servers'
import { type Confirmed, confirmRuns } from '../../db/runs/confirm'
import { saveWindow } from '../../db/runs/maintenance-windows'
import { patiently } from '../../db/runs/patient'
import { planCommand } from '../../db/runs/planner'
import { isFinal } from '../../db/runs/run-states'
import type { Run } from '../../db/runs/run-types'
import { DBA, enrol } from '../../test/support/confirm-run'
import type { Console, House } from './house'
import type { Server } from './server'
import { type Watched, watchEnd } from './watch'
import type { Wire } from './wire'
import { OBJECTS, type Variant } from './works'

const PATIENCE_MS = 60_000
const NEVER = { name: 'once a year', cron: '0 0 1 1 *', timeZone: 'UTC', minutes: 1 }
const ALWAYS = { ...NEVER, name: 'always', cron: '* * * * *', minutes: 60 }

/** One run in its stage, with a database and an entry of its own, behind an address of its own. */
export interface Case {
  nth: number
  what: Variant
  database: string
  /** Where it was confirmed for. */
  server: Server
  /** Clusters on which it must never be seen. */
  others: Server[]
  console: Console
  serverId: string
  /** The login role that the console has there, a superuser. */
  role: string
  wire: Wire
  run: Run
  /** The mark of the work before it. */
  before: string | null
  watched: Watched
  /** Lets it go on: its holder ends, its window opens, its wire flows. */
  release: () => Promise<void>
  /** Takes the entry out of the console. */
  close: () => Promise<void>
}

export interface Setting {
  console?: Console
  server?: Server
  others?: Server[]
  /** Happens between the plan that is shown and its confirmation. */
  betweenPlanAndConfirm?: (wire: Wire) => Promise<void>
  /** Ends the preparation: whatever is done to the objects before the plan. */
  prepare?: (server: Server, database: string) => Promise<unknown>
  /** When the runs are judged. */
  end?: () => Promise<void>
}

let made = 0
let making: Promise<unknown> = Promise.resolve()

/** One after the other: OIDs are counted by the cluster, and twins have to have the same. */
export function makeDatabase(servers: Server[], prepare?: Setting['prepare']): ReturnType<typeof makeOne> {
  const mine = making.then(() => makeOne(servers, prepare))
  making = mine.catch(() => undefined)
  return mine
}

/** A database with the bench's objects on each of the servers, and the role that logs in. */
async function makeOne(servers: Server[], prepare?: Setting['prepare']): Promise<{ nth: number; database: string; role: string }> {
  const nth = ++made
  const [database, role] = [`case_${nth}`, `dba_${nth}`]
  for (const server of servers) {
    await server.query('postgres', `create database ${database}`)
    await server.query('postgres', `create role ${role} superuser login password 'bench'`)
    await server.query(database, OBJECTS)
    await prepare?.(server, database)
  }
  return { nth, database, role }
}

/** Confirms a run and waits until it is where the fault is to come. */
export async function begin(house: House, what: Variant, setting: Setting = {}): Promise<Case> {
  const { server = house.monitored, others = [], console = house.main, prepare } = setting
  const { nth, database, role } = await makeDatabase([server, ...others], prepare)
  const wire = await house.address(server)
  const ask = <T extends object>(sql: string, values?: unknown[]) => server.query<T>(database, sql, values)
  const address = { host: '127.0.0.1', port: wire.port, user: role, password: 'bench', database, sslmode: 'disable' as const }
  const added = await addServer({ name: database, readOnly: false, address }, DBA)
  if (!added.ok) throw new Error(added.problem.message)
  const serverId = added.value.id
  const holder = what.stage.hold === undefined ? null : await server.connect(database)
  if (holder && what.stage.hold) await holder.query(what.stage.hold)
  const before = await markOf(ask, what.work.mark(nth))
  const onWire = what.stage.wire && wire.holdAt(what.work.statement(nth), what.stage.wire)
  const windowId = what.stage.queue === 'window' ? await keepWindow(serverId, null, NEVER) : null
  const input = await what.work.input(ask, nth)
  const between = async () => setting.betweenPlanAndConfirm?.(wire)
  const run = await confirm(serverId, database, what.work.command, input, between, windowId ? { id: windowId, ...NEVER } : undefined)
  const watched = watchEnd(console, run.id, [server, ...others], database, what.work.statement(nth))
  const one: Case = {
    nth,
    what,
    database,
    server,
    others,
    console,
    serverId,
    role,
    wire,
    run,
    before,
    watched,
    release: async () => {
      await letGo(holder)
      wire.flow()
      // Where the fault took the server out of the console, its windows are gone with it.
      if (windowId) await patiently(() => saveWindow(serverId, windowId, ALWAYS, DBA))
    },
    close: async () => {
      await house.as(console, () => removeServer(serverId, DBA)).catch(() => undefined)
      await wire.close()
      watched.stop()
    },
  }
  await Promise.race([onWire ?? untilThere(one, ask), watched.ended.then(({ state }) => refuse(`It ended before the fault: ${state}`))])
  return one
}

const refuse = (message: string): never => {
  throw new Error(message)
}

async function letGo(holder: Client | null): Promise<void> {
  await holder?.query('rollback; select pg_advisory_unlock_all()').catch(() => undefined) // a restart has done it already
  await holder?.end().catch(() => undefined)
}

/** Plans, and confirms exactly what was planned, as the dialog does. Errors: throws what was refused. */
async function confirm(
  serverId: string,
  database: string,
  command: string,
  input: Record<string, unknown>,
  between: () => Promise<void>,
  window?: Confirmed['window'],
): Promise<Run> {
  const target = await recordedTarget(serverId, database)
  const planned = target.ok ? await planCommand(target.value, command, input) : target
  if (!planned.ok) throw new Refused(planned.problem.message)
  const { plan, cluster } = planned.value
  const { statements, phrase } = plan
  await enrol(DBA)
  await between()
  const runs = await confirmRuns({ serverId, database, commands: [{ command, input, statements, cluster }], phrase, window, actor: DBA })
  if (!runs.ok) throw new Refused(runs.problem.message)
  return runs.value[0] as Run
}

/** The gate did not let it through. */
export class Refused extends Error {}

async function keepWindow(serverId: string, id: string | null, times: typeof NEVER): Promise<string> {
  const kept = await saveWindow(serverId, id, times, DBA)
  return kept.ok ? kept.value.id : refuse(kept.problem.message)
}

async function untilThere({ what, console, run }: Case, ask: Ask): Promise<void> {
  const { stage } = what
  for (const until = Date.now() + PATIENCE_MS; ; await sleep(50)) {
    if (stage.queue === 'unclaimed' || stage.queue === 'window') return
    const waiting = `select from run where id = $1 and state = 'queued' and retry is not null`
    const there = stage.queue === 'retry' ? await console.query(waiting, [run.id]) : await ask(stage.there ?? 'select')
    if (there.length > 0) return
    const [now] = await console.query<{ state: Run['state'] }>('select state, problem from run where id = $1', [run.id])
    if (Date.now() > until || !now || isFinal(now.state)) refuse(`${what.name} was never reached: ${JSON.stringify(now)}`)
  }
}

type Ask = <T extends object>(sql: string, values?: unknown[]) => Promise<T[]>

/** The value of a mark; null where there is no row. */
export const markOf = async (ask: Ask, sql: string): Promise<string | null> => (await ask<{ mark: string | null }>(sql))[0]?.mark ?? null
