import type { ClientBase } from 'pg'
import { z } from 'zod'
import { parseRow } from '../server/parse-rows'
import { StartRefusal } from './start-refusal'

/** How many connections to the console database the pools of one web process and one worker may make. */
export interface ConsolePools {
  /** Pages, actions and routes. */
  web: number
  /** A worker's own reads and writes. */
  worker: number
  /** A worker's pg-boss, without the session that it listens in. */
  queue: number
}

/** With these everything is as quick as it gets. */
export const LARGEST: ConsolePools = { web: 8, worker: 4, queue: 3 }
/** With less a transaction could wait for a connection that only its own end would free. */
export const SMALLEST: ConsolePools = { web: 2, worker: 2, queue: 1 }

/** What a worker holds beside its pools: the session that pg-boss listens in, the one of sampling, the one with the locks of its runs. */
export const WORKER_SESSIONS_BESIDE = 3
/** The launcher's or a command line's, and the one that brings the database up to date while that is at work. */
export const OTHERS = 2

export const ofWeb = ({ web }: ConsolePools): number => web
export const ofWorker = ({ worker, queue }: ConsolePools): number => worker + queue + WORKER_SESSIONS_BESIDE
/** What a console with so many workers has at the most. */
export const ofConsole = (pools: ConsolePools, workers: number): number => ofWeb(pools) + workers * ofWorker(pools) + OTHERS

/** Who starts: a console with its first worker, or one more worker. */
export type Starter = 'console' | 'worker'

const needed = (pools: ConsolePools, starter: Starter): number => (starter === 'console' ? ofConsole(pools, 1) : ofWorker(pools))

/** The largest pools that so many free connections are enough for; null where not even the smallest fit. */
export function poolsFor(free: number, starter: Starter): ConsolePools | null {
  const [least, most] = [needed(SMALLEST, starter), needed(LARGEST, starter)]
  if (free < least) return null
  const share = Math.min((free - least) / (most - least), 1)
  const between = (name: keyof ConsolePools) => SMALLEST[name] + Math.floor(share * (LARGEST[name] - SMALLEST[name]))
  return { web: between('web'), worker: between('worker'), queue: between('queue') }
}

/**
 * What a new session could still have, and which limit that is: of the server without what it reserves, of the role, of the database
 * (manual, 19.3.1; pg_roles, pg_database). What kind of session one of another role is may be hidden. Limits of the last two do not bind a superuser. Sessions that are ending count until they have.
 */
const FREE = /* sql */ `
with sessions as (
  select usesysid, datid from pg_stat_activity
   where pid <> pg_backend_pid() and usesysid is not null and coalesce(backend_type, 'client backend') = 'client backend'
), me as (
  select oid, rolname, rolsuper, rolconnlimit from pg_roles where rolname = current_user
), here as (
  select oid, datname, datconnlimit from pg_database where datname = current_database()
)
select name, most, most - used as free
  from (
    select 'max_connections of its server, without the reserved ones' as name,
           current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
             - coalesce(current_setting('reserved_connections', true)::int, 0) as most,
           (select count(*)::int from sessions) as used
    union all
    select format('CONNECTION LIMIT of the role "%s"', rolname), rolconnlimit, (select count(*)::int from sessions where usesysid = me.oid)
      from me where rolconnlimit >= 0 and not rolsuper
    union all
    select format('CONNECTION LIMIT of the database "%s"', datname), datconnlimit, (select count(*)::int from sessions where datid = here.oid)
      from here, me where datconnlimit >= 0 and not rolsuper
  ) as limits
 order by free limit 1`

const free = z.object({ name: z.string(), most: z.number(), free: z.number() })

/** The pools that fit beside what is there. Errors: StartRefusal where there is too little. */
export async function choosePools(client: ClientBase, starter: Starter): Promise<ConsolePools> {
  const { rows } = await client.query(FREE)
  const limit = parseRow(free, rows[0])
  const pools = poolsFor(limit.free, starter)
  if (pools) return pools
  const who = starter === 'console' ? 'a console with one worker' : 'a worker'
  throw new StartRefusal(
    `the console database has ${Math.max(limit.free, 0)} connections free (${limit.name}: ${limit.most}), and ${who} needs at least ` +
      `${needed(SMALLEST, starter)}, better ${needed(LARGEST, starter)}; raise that limit, or end other sessions.`,
  )
}

const VARIABLE = 'PROCTOR_CONSOLE_POOLS'

/** Hands them on to the processes that are started from here. */
export function keepPools({ web, worker, queue }: ConsolePools): void {
  process.env[VARIABLE] = [web, worker, queue].join(' ')
}

/** Those that were chosen at the start; the largest where nobody chose. */
export function chosenPools(): ConsolePools {
  const [web = LARGEST.web, worker = LARGEST.worker, queue = LARGEST.queue] = (process.env[VARIABLE] ?? '')
    .split(' ')
    .filter(Boolean)
    .map(Number)
  return { web, worker, queue }
}
