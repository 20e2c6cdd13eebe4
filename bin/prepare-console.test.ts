import { spawnSync } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import type { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { closeConsole } from '../db/console/client'
import { MIGRATION_LOCK } from '../db/console/migrate'
import { freePort } from '../db/embedded/free-port'
import type { Target } from '../db/server/target'
import { databaseOnOwnServer } from '../test/support/own-server'
import { type Pgbouncer, startPgbouncer } from '../test/support/pgbouncer'
import { startStandby } from '../test/support/standby'
import { type TestDatabase, testDatabase } from '../test/support/test-database'
import { SETTINGS } from '../test/support/test-servers'
import { prepareConsole } from './prepare-console'
import { UserError } from './settings'

const SETTING = 'PROCTOR_DATABASE_URL'
const LOCK_MS = 700

const urlOf = ({ host, port, user, password, database }: Target, as: { user?: string; database?: string } = {}): string =>
  `postgresql://${as.user ?? user}:${password}@${host}:${port}/${as.database ?? database}`

const prepare = (url: string) => prepareConsole(url, SETTING, { starter: 'console', lockMs: LOCK_MS })

/** The one sentence, or two, that a start ends with; anything but a UserError fails the test. */
async function refusal(url: string): Promise<string> {
  const error: unknown = await prepare(url).then(
    () => 'accepted',
    (thrown: unknown) => thrown,
  )
  if (error === 'accepted') return error
  expect(error).toBeInstanceOf(UserError)
  const { message } = error as UserError
  expect(message).toMatch(/^PROCTOR_DATABASE_URL: .+[.;]$/)
  expect(message).not.toContain('\n')
  return message
}

/** What a refused start may have left: sessions of ours, locks, tables. */
async function left(client: Client): Promise<unknown> {
  const { rows } = await client.query(`
    select (select count(*)::int from pg_stat_activity where application_name like 'proctor%' and datname = current_database()) as sessions,
           (select count(*)::int from pg_locks where locktype = 'advisory' and pid <> pg_backend_pid()
              and database = (select oid from pg_database where datname = current_database())) as locks,
           (select count(*)::int from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace) as tables`)
  return rows[0]
}

const NOTHING = { sessions: 0, locks: 0, tables: 0 }

describe.each([14, 18] as const)('a console database on PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await databaseOnOwnServer(major)
    await db.client.query(`create role console login password 'test'`)
  })
  afterAll(async () => {
    await closeConsole()
    await db.drop()
  })

  interface Case {
    name: string
    /** Makes it so; returns the address, and what undoes it. */
    make: (client: Client) => Promise<{ url: string; undo?: () => Promise<unknown>; leaves?: unknown; pooler?: Pgbouncer }>
    says: RegExp
  }

  const sql = (statement: string, undo: string, user?: string) => async (client: Client) => {
    await client.query(statement)
    return { url: urlOf(db.target, { user }), undo: () => client.query(undo) }
  }
  const pooled = (mode: 'session' | 'transaction' | 'statement', poolSize: number) => async () => {
    const pooler = await startPgbouncer(db.target, { mode, poolSize })
    return { url: urlOf(pooler.target), pooler }
  }
  const here = () => db.target.database

  const CASES: Case[] = [
    { name: 'behind a transaction pooler', make: pooled('transaction', 10), says: /is a pooler that lends a session .* session mode\.$/ },
    { name: 'behind a transaction pooler with two sessions', make: pooled('transaction', 2), says: /is a pooler that lends a session/ },
    { name: 'behind a transaction pooler with one session', make: pooled('transaction', 1), says: /is a pooler that lends a session/ },
    {
      name: 'behind a session pooler that forgets nothing',
      make: pooled('session', 10),
      says: /hands a session of the server on as it was left/,
    },
    { name: 'behind a statement pooler', make: pooled('statement', 10), says: /is a pooler that lends a session/ },
    {
      name: 'on a standby',
      make: async (client) => {
        const { rows } = await client.query(`select current_setting('data_directory') as dir, pg_postmaster_start_time() is not null as up`)
        const { host, port, user, password } = db.target
        const primary = { url: `postgresql://${user}:${password}@${host}:${port}/postgres`, port, pid: 0, dataDir: rows[0].dir as string }
        const folder = await mkdtemp(path.join(tmpdir(), 'proctor-standby-'))
        await chmod(folder, 0o755)
        const never = { stop: async () => undefined, ended: new Promise<string>(() => undefined) }
        const settings = { ...SETTINGS, shared_preload_libraries: '' }
        const options = { major, folder: path.join(folder, 'standby'), port: await freePort(), password: 'test', settings }
        const standby = await startStandby({ ...primary, ...never }, options)
        const undo = async () => {
          await standby.stop('immediate')
          await rm(folder, { recursive: true, force: true })
        }
        return { url: urlOf({ ...db.target, port: standby.port }), undo }
      },
      says: /the server is a standby, .* address of the primary\.$/,
    },
    {
      name: 'read-only by its settings',
      make: (client) =>
        sql(
          `alter database ${here()} set default_transaction_read_only = on`,
          `alter database ${here()} reset default_transaction_read_only`,
        )(client),
      says: /the database is read-only .* set it to off\.$/,
    },
    {
      name: 'for a role that may make no schema',
      make: (client) => sql('grant all on schema public to console', 'revoke all on schema public from console', 'console')(client),
      says: /may make no schema .*; grant create on database test_\w+ to console;$/,
    },
    {
      name: 'for a role that may make no table',
      make: (client) =>
        sql(
          `grant all on database ${here()} to console; revoke create on schema public from public; revoke all on schema public from console`,
          `revoke all on database ${here()} from console`,
          'console',
        )(client),
      says: /may make no table in the schema "public"; grant create on schema public to console;$/,
    },
    {
      name: 'for a role without a schema',
      make: (client) =>
        sql(
          `grant all on database ${here()} to console; alter role console set search_path = nowhere`,
          `revoke all on database ${here()} from console; alter role console reset search_path`,
          'console',
        )(client),
      says: /has no schema to make tables in \(search_path is nowhere\)/,
    },
    {
      name: 'of another encoding',
      make: async (client) => {
        await client.query(`create database latin encoding 'LATIN1' locale 'C' template template0`)
        return { url: urlOf(db.target, { database: 'latin' }), undo: () => client.query('drop database latin') }
      },
      says: /has the encoding LATIN1, .* UTF8\.$/,
    },
    {
      name: 'with too few connections for its role',
      make: (client) =>
        sql(
          `grant all on database ${here()} to console; grant all on schema public to console; alter role console connection limit 7`,
          `revoke all on database ${here()} from console; alter role console connection limit -1`,
          'console',
        )(client),
      says: /CONNECTION LIMIT of the role "console": 7\), and a console with one worker needs at least 10/,
    },
    {
      name: 'with no connection at all',
      make: (client) => sql('alter role console connection limit 0', 'alter role console connection limit -1', 'console')(client),
      says: /has no connections or memory left/,
    },
    {
      name: 'with a table in the way of a migration',
      make: async (client) => {
        await client.query('create table audit (mine text)')
        return { url: urlOf(db.target), undo: () => client.query('drop table audit'), leaves: { ...NOTHING, tables: 1 } }
      },
      says: /could not be brought up to date, and nothing was changed: relation "audit" already exists \(SQLSTATE 42P07\)\.$/,
    },
    {
      name: 'that somebody else brings up to date for too long',
      make: async () => {
        const holder = await db.connect()
        await holder.query(`set application_name = 'another one'; select pg_advisory_lock(${MIGRATION_LOCK})`)
        return { url: urlOf(db.target), undo: () => holder.end(), leaves: { ...NOTHING, locks: 1 } }
      },
      says: /for 0\.7 s process \d+ of its server \("another one", connected since .* UTC\) has been holding the lock .* select pg_terminate_backend\(\d+\)\.$/,
    },
  ]

  it.each(CASES)('$name is refused in a sentence, and nothing is left behind', async ({ make, says }) => {
    const { url, undo, pooler, leaves = NOTHING } = await make(db.client)
    try {
      expect(await refusal(url).finally(() => pooler?.stop())).toMatch(says) // a pooler keeps its sessions of the server
      await expect.poll(() => left(db.client)).toEqual(leaves)
    } finally {
      await undo?.()
    }
  })

  it('is accepted behind a session pooler, again, and by a worker; not once a newer program has used it', async () => {
    const pooler = await startPgbouncer(db.target, { mode: 'session', resetQuery: 'DISCARD ALL' })
    try {
      expect(await refusal(urlOf(pooler.target))).toBe('accepted')
      expect(await refusal(urlOf(pooler.target))).toBe('accepted')
    } finally {
      await pooler.stop()
    }
    expect(await refusal(urlOf(db.target))).toBe('accepted')
    await expect.poll(async () => ((await left(db.client)) as { sessions: number }).sessions).toBe(0)
    await db.client.query(`insert into drizzle.__drizzle_migrations (hash, created_at) values ('x', 99999999999999)`)
    expect(await refusal(urlOf(db.target))).toMatch(/has one change that this program does not know: a newer Proctor has used it/)
  })
})

it('ends a worker with status 1 and that sentence alone', async () => {
  const db = await testDatabase(18)
  const pooler = await startPgbouncer(db.target, { mode: 'transaction' })
  try {
    const ended = spawnSync(process.execPath, ['--import', './bin/modules.mjs', path.join(import.meta.dirname, 'worker.ts')], {
      env: {
        PATH: process.env.PATH,
        NODE_ENV: 'production',
        PROCTOR_DATABASE_URL: urlOf(pooler.target),
        PROCTOR_SECRET: 'a secret that web and workers share',
        PROCTOR_DATA_DIR: path.join(import.meta.dirname, 'no-such-folder'),
      },
      encoding: 'utf8',
    })
    expect(ended.status).toBe(1)
    expect(ended.stderr).toMatch(/^PROCTOR_DATABASE_URL: .* is a pooler that lends a session [^\n]*\n$/)
    await pooler.stop() // it keeps its sessions of the server
    await expect.poll(() => left(db.client)).toEqual(NOTHING)
  } finally {
    await pooler.stop()
    await db.drop()
  }
})
