import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import type { Check, Finding, Past, PastCounters } from '../../db/checks/define-check'
import { startCluster } from '../../db/embedded/cluster'
import { freePort } from '../../db/embedded/free-port'
import type { Read, Row } from '../../db/server/define-read'
import { closePools } from '../../db/server/pool'
import { forgetReads, runRead } from '../../db/server/run-read'
import { targetFromUrl } from '../../db/server/target-url'
import { startStandby } from './standby'
import { SETTINGS } from './test-servers'

/** What a server counted, for a past that a test makes up. */
export const NOTHING: PastCounters = {
  seconds: 0,
  wal_bytes: 0,
  checkpoints_timed: 0,
  checkpoints_req: 0,
  conflicts: 0,
  temp_files: 0,
  temp_bytes: 0,
  deadlocks: 0,
  blks_hit: 0,
  blks_read: 0,
}

/**
 * A primary with a little max_wal_size (64MB) and an archive, a streaming standby, and a logical subscriber (slot and subscription `reader`),
 * which is another database of the primary.
 */
export async function replicatedServers(major: 14 | 18) {
  const folder = await mkdtemp(path.join(tmpdir(), 'proctor-replicated-'))
  await chmod(folder, 0o755) // the account that the servers run as must get in
  const archive = { archive_mode: 'on', archive_command: 'true' }
  const settings = { ...SETTINGS, ...archive, max_wal_size: '64MB', min_wal_size: '32MB', wal_keep_size: '64MB' }
  const options = { major, password: 'test', settings }
  const primary = await startCluster({ ...options, folder: path.join(folder, 'primary'), port: await freePort() })
  const standby = await startStandby(primary, { ...options, folder: path.join(folder, 'standby'), port: await freePort() })
  const clients: Client[] = []
  const open = async (url: string): Promise<Client> => {
    const client = new Client({ connectionString: url })
    client.on('error', () => undefined) // recovery ends the session of a query that conflicts
    await client.connect()
    clients.push(client)
    return client
  }
  const on = await open(primary.url)
  await on.query('set synchronous_commit = local')
  await on.query('create database subscriber')
  await on.query('create table shop (id int primary key); create publication all_of_it for table shop')
  await on.query(`select pg_create_logical_replication_slot('reader', 'pgoutput')`)
  const reader = await open(primary.url.replace(/postgres$/, 'subscriber'))
  const conninfo = `host=127.0.0.1 port=${primary.port} user=postgres password=test dbname=postgres`
  await reader.query('create table shop (id int primary key)')
  await reader.query(
    `create subscription reader connection '${conninfo}' publication all_of_it with (create_slot = false, slot_name = 'reader', copy_data = false)`,
  )
  const atPrimary = targetFromUrl(`primary-${major}`, primary.url)
  const found = async (check: Check, target = atPrimary, past?: Past): Promise<Finding[]> => {
    forgetReads()
    const answer = await check.look(target, past)
    if (!answer.ok) throw new Error(answer.problem.message)
    return answer.value
  }
  return {
    primary,
    standby,
    open,
    /** A superuser's sessions; that on the primary waits for no standby. */
    on,
    there: await open(standby.url),
    atPrimary,
    atStandby: targetFromUrl(`standby-${major}`, standby.url),
    /** What a read answers now. */
    rows: async <R extends Read>(target: typeof atPrimary, read: R): Promise<Row<R>[]> => {
      forgetReads()
      const answer = await runRead(target, read, {} as never)
      if (!answer.ok) throw new Error(answer.problem.message)
      return answer.value
    },
    found,
    /** Name and severity of what a check finds. */
    names: async (check: Check, target = atPrimary) =>
      (await found(check, target)).map((one) => [one.kind === 'server' && one.name, one.severity]),
    set: async (client: Client, setting: string) => {
      await client.query(`alter system set ${setting}`)
      await client.query('select pg_reload_conf()')
    },
    /** Writes so many MB of WAL, and goes on to the next file. */
    write: async (megabytes: number) => {
      await on.query(`select count(pg_logical_emit_message(false, 'test', repeat('x', 1048576))) from generate_series(1, ${megabytes})`)
      await on.query('select pg_switch_wal()')
    },
    stop: async () => {
      for (const client of clients) await client.end().catch(() => undefined)
      await closePools()
      await standby.stop('immediate')
      await primary.stop('immediate')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export type ReplicatedServers = Awaited<ReturnType<typeof replicatedServers>>
