import { execFile } from 'node:child_process'
import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { serverAccount } from '../../db/embedded/account'
import { type Cluster, type ClusterOptions, startCluster } from '../../db/embedded/cluster'
import { writeAnew } from '../../db/embedded/data-files'

const PATIENCE_MS = 60_000

export interface Standby extends Cluster {
  /** Resolves when it has replayed what the primary has written until now. */
  caughtUp: () => Promise<void>
  /** From now on it gets no WAL of the primary: what is written there is lost to it. */
  fallBehind: () => Promise<void>
  /** Resolves when it takes writes, on a timeline of its own. */
  promote: () => Promise<void>
  /** Starts it where it was, once it was stopped. */
  startAgain: () => Promise<Cluster>
}

/**
 * A streaming standby of a running cluster, in `folder`. Made with the functions of a base backup, as pg_basebackup is not among the binaries
 * that come with the console (manual, 26.3.3). Errors: throws when it does not start, or does not catch up.
 */
export async function startStandby(primary: Cluster, options: Omit<ClusterOptions, 'own' | 'binariesCopy'>): Promise<Standby> {
  const { folder, settings } = options
  const dataDir = path.join(folder, 'data')
  await mkdir(folder, { recursive: true })
  await copyRunning(primary, dataDir)
  const { hostname, port, username, password } = new URL(primary.url)
  const conninfo = `host=${hostname} port=${port} user=${username} password=${decodeURIComponent(password)}`
  const start = () => startCluster({ ...options, settings: { ...settings, primary_conninfo: conninfo, hot_standby: 'on' } })
  const standby = await start()
  const ask = (sql: string) => one(standby.url, sql)
  const caughtUp = async () => {
    const written = await one(primary.url, 'select pg_current_wal_flush_lsn()')
    await until('replayed', async () => (await ask(`select pg_last_wal_replay_lsn() >= '${written}'`)) === true)
  }
  await caughtUp()
  return {
    ...standby,
    caughtUp,
    fallBehind: async () => {
      await ask(`alter system set primary_conninfo = ''`)
      await ask('select pg_reload_conf()')
      await until('cut off', async () => (await ask('select count(*)::int from pg_stat_wal_receiver')) === 0)
    },
    promote: async () => {
      await ask('select pg_promote()')
      await until('promoted', async () => (await ask('select pg_is_in_recovery()')) === false)
    },
    startAgain: start,
  }
}

/** Copies the data directory of a running cluster, with what is needed to make it consistent. Nothing may remove files meanwhile. */
async function copyRunning(primary: Cluster, dataDir: string): Promise<void> {
  const client = await connect(primary.url)
  try {
    const since15 = Number((await client.query('show server_version_num')).rows[0].server_version_num) >= 150_000
    await client.query(since15 ? `select pg_backup_start('standby', true)` : `select pg_start_backup('standby', true, false)`)
    await rm(dataDir, { recursive: true, force: true })
    await promisify(execFile)('cp', ['-a', primary.dataDir, dataDir])
    const stop = since15 ? 'pg_backup_stop(false)' : 'pg_stop_backup(false, false)'
    const { rows } = await client.query(`select labelfile from ${stop}`)
    for (const name of ['postmaster.pid', 'postmaster.opts']) await rm(path.join(dataDir, name), { force: true })
    for (const [name, text] of [
      ['backup_label', rows[0].labelfile],
      ['standby.signal', ''],
    ])
      await writeAnew(path.join(dataDir, name), text, await serverAccount())
  } finally {
    await client.end()
  }
}

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  return client
}

async function one(url: string, sql: string): Promise<unknown> {
  const client = await connect(url)
  try {
    return Object.values((await client.query(sql)).rows[0] ?? {})[0]
  } finally {
    await client.end()
  }
}

async function until(what: string, seen: () => Promise<boolean>): Promise<void> {
  for (const start = Date.now(); !(await seen()); await sleep(50)) {
    if (Date.now() - start > PATIENCE_MS) throw new Error(`The standby was not ${what} within ${PATIENCE_MS / 1000} s`)
  }
}
