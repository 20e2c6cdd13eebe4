import { globSync } from 'node:fs'
import path from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { CHECKS } from '../db/checks/registry'
import { COMMANDS } from '../db/commands/registry'
import { measureIndex } from '../db/indexes/measure-index'
import { helperStatements } from '../db/indexes/reads/statistics-helper-sql'
import { privilegeDoctor } from '../db/privileges/privilege-doctor'
import { definedReads } from '../db/server/define-read'
import { forgetFacts } from '../db/server/facts'
import { closePools } from '../db/server/pool'
import { forgetReads, runRead } from '../db/server/run-read'
import { cancelSession, openSession } from '../db/server/session'
import { testConnection } from '../db/server/test-connection'
import { tuneServer } from '../db/settings/tune-server'
import { explainStatement } from '../db/statements/explain-statement'
import { SCENARIOS } from './support/command-scenarios'
import { databaseOnOwnServer } from './support/own-server'
import { type Planted, plantOverloads } from './support/plant-overloads'
import { type Known, sampleParameters } from './support/sample-parameters'
import { planForTest, sendForTest } from './support/test-command'
import type { TestDatabase } from './support/test-database'

const ROOT = path.resolve(import.meta.dirname, '..')
/** Where a read may stand that only its own room knows. */
const MODULES = globSync('db/{reads,checks,commands,worker,tuning}/**/*.ts', {
  cwd: ROOT,
  exclude: (file) => /\.test\.ts$|\/test-/.test(file),
})

const QUERY = Client.prototype.query

/** What anybody who owns a database may set for all who come. */
const SETTINGS = {
  search_path: 'hostile, public, pg_catalog',
  datestyle: "'SQL, DMY'",
  intervalstyle: "'iso_8601'",
  standard_conforming_strings: 'off',
  bytea_output: "'escape'",
  extra_float_digits: '-15',
  quote_all_identifiers: 'on',
  client_encoding: "'LATIN1'",
  array_nulls: 'off',
  transform_null_equals: 'on',
  timezone: "'Asia/Kathmandu'",
  role: 'mallory',
  default_transaction_isolation: 'serializable',
  default_transaction_deferrable: 'on',
}

describe.each([14, 18] as const)('a hostile owner of the database on PostgreSQL %i', (major) => {
  let db: TestDatabase
  let known: Known
  let planted: Planted
  const sent = new Set<string>()

  beforeAll(async () => {
    db = await databaseOnOwnServer(major)
    for (const file of MODULES) await import(path.join(ROOT, file))
    await db.client.query(`
      create extension pg_stat_statements; create extension pgstattuple; create extension pageinspect; create extension pg_buffercache;
      create table public.orders (id int primary key, note text, tags smallint[]);
      create index orders_note on public.orders (note); create index orders_note_id on public.orders (note, id);
      create materialized view public.totals as select count(*) from public.orders;
      insert into public.orders select i, i::text from generate_series(1, 5000) i; analyze public.orders;
      create collation public.aged (provider = icu, locale = 'de'); create table public.names (name text collate public.aged unique);
      update pg_collation set collversion = '1.1' where collname = 'aged';
      create table public.split (id int) partition by list (id); create table public.split1 partition of public.split for values in (1);
      create index split_id on only public.split (id); create extension cube version '1.4'; select pg_create_physical_replication_slot('kept');
      create table public.courses (id uuid primary key, title text, published_at timestamptz);
      create table public.student_progress (course_id uuid, completion_percentage numeric, total_time_spent interval);
      create schema hostile; create role mallory login password 'x'`)
    for (const statement of helperStatements) await db.client.query(statement)
    const oid = async (name: string) => (await db.client.query('select $1::regclass::oid as oid', [name])).rows[0].oid
    known = { table: await oid('orders'), index: await oid('orders_note'), schemaname: 'public', relname: 'orders', role: 'postgres' }
    // Everything that is sent when nobody is hostile: those are the names that are worth planting.
    const spy = vi.spyOn(Client.prototype, 'query').mockImplementation(function (this: Client, ...given: unknown[]) {
      const [first] = given
      sent.add(typeof first === 'string' ? first : String((first as { text?: string } | undefined)?.text))
      return Reflect.apply(QUERY, this, given)
    } as typeof QUERY)
    const failed = await walk().finally(() => spy.mockRestore())
    expect(failed).toEqual([])
    const { database } = db.target
    await db.client.query(`alter schema hostile owner to mallory; alter database ${database} owner to mallory; create extension intarray schema public;
      ${major === 14 ? '' : 'alter schema public owner to mallory;'}
      ${Object.entries(SETTINGS)
        .map(([name, value]) => `alter database ${database} set ${name} = ${value}`)
        .join('; ')}`)
    planted = await plantOverloads(db.client, { texts: sent, role: 'mallory', schemas: ['public', 'hostile'] })
    await closePools(db.target.serverId)
  })
  afterAll(() => db.drop())

  /** Everything that looks at a server, and every plan with its preflight; gives what could not be read, and why. */
  async function walk(): Promise<string[]> {
    const failed: string[] = []
    const note = (what: string, result: { ok: boolean; problem?: { kind: string; message: string } }) => {
      if (!result.ok) failed.push(`${what}: ${result.problem?.kind}, ${result.problem?.message}`)
    }
    const { target } = db
    forgetFacts()
    forgetReads()
    note('connection test', await testConnection(target))
    for (const read of definedReads()) {
      if ((read.since ?? 0) > major) continue
      for (const params of sampleParameters(read, known))
        note(`${read.name} ${JSON.stringify(params)}`, await runRead(target, read, params))
    }
    for (const check of CHECKS) note(check.name, await check.look(target))
    for (const [name, { input }] of Object.entries(SCENARIOS)) {
      const command = COMMANDS.get(name)
      if (!command || !PLANNED.has(name)) continue
      const stage = {
        ...known,
        name: 'orders',
        view: await oidNow('public.totals'),
        leftover: 0,
        partition: await oidNow('public.split1'),
        whole: await oidNow('public.split'),
        lacking: await oidNow('public.split_id'),
        slot: 'kept',
        extension: 'cube',
        collation: await collationOid(),
        index_name: 'orders_note',
        pid: 0,
        backendStart: '',
      }
      const own: Record<string, object> = {
        'create-index': { definition: 'create index orders_lower on public.orders (lower(note)) where id <> 7' },
        'create-materialized-view': { view: 'course_statistics', schema: 'public' },
      }
      const given = own[name] ?? input(stage)
      note(name, await planForTest(target, command, given))
    }
    note('health functions', await planForTest(target, required('install-health-functions'), { schema: 'public' }))
    note('measured index', await measureIndex(target, known.index))
    note('doctor', await privilegeDoctor(target, ['work_mem']))
    note('tuning', await tuneServer(target, { profile: { ram: 8e9, cpus: 4 } }))
    // A statement is looked up as its own user does, so with the planted around it is refused; that nothing runs is what counts.
    await explainStatement(target, { query: 'select * from public.orders where id = $1', rolname: 'postgres', analyze: null })
    const session = await openSession(target, 'proctor run 1', () => undefined)
    note('session', session)
    if (session.ok) {
      note('statement', await session.value.execute('VACUUM public.orders'))
      note('cancel', await cancelSession(target, session.value, 'proctor run 1'))
      await session.value.close()
    }
    return failed
  }

  const required = (name: string) => {
    const command = COMMANDS.get(name)
    if (!command) throw new Error(`no command ${name}`)
    return command
  }
  const oidNow = async (name: string) => (await db.client.query(`select '${name}'::pg_catalog.regclass::pg_catalog.oid as oid`)).rows[0].oid

  const collationOid = async () =>
    (await db.client.query(`select oid from pg_catalog.pg_collation where collname operator(pg_catalog.=) 'aged'`)).rows[0].oid

  it('has planted what would be called', async () => {
    expect(definedReads().length).toBeGreaterThan(60)
    expect(planted.functions).toBeGreaterThan(500)
    expect(planted.operators).toBeGreaterThan(100)
    const victim = await db.connect()
    await victim.query(`select pg_relation_size('public.orders'::regclass)`).catch(() => undefined)
    await victim.query(`select format('%I', 'x'), 1::smallint + 1::smallint`).catch(() => undefined)
    expect(await planted.trippedBy()).not.toEqual([])
  })

  it('runs nothing of his, whatever is read, checked, planned or carried out, and everything still answers', async () => {
    const before = await planted.trippedBy()
    expect(await walk()).toEqual([])
    const changed = await planForTest(db.target, required('create-index'), {
      definition: 'create index made on public.orders (lower(note)) where id <> 7',
    })
    if (!changed.ok) throw new Error(changed.problem.message)
    await sendForTest(db, changed.value.plan.statements)
    expect((await planted.trippedBy()).slice(before.length)).toEqual([])
  })
})

/** What can be planned on a table that stands; the others need a stage of their own. */
const PLANNED = new Set([
  'analyze-database',
  'attach-index-partition',
  'make-checkpoint',
  'detach-partition',
  'drop-replication-slot',
  'set-statistics-target',
  'update-extension',
  'vacuum-database',
  'reindex-index',
  'reindex-table',
  'vacuum-table',
  'analyze-table',
  'create-index',
  'create-materialized-view',
  'drop-index',
  'reset-statistics',
  'set-table-options',
  'change-settings',
  'refresh-collation',
  'refresh-materialized-view',
])
