import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cut, name, options, SCENARIOS, type Scenario, type Stage } from '../../test/support/command-scenarios'
import { databaseOnOwnServer } from '../../test/support/own-server'
import { planForTest, sendForTest } from '../../test/support/test-command'
import type { TestDatabase } from '../../test/support/test-database'
import { identifier, literal, qualified } from '../server/identifiers'
import { parseSql } from '../server/parse-sql'
import { COMMANDS } from './registry'

/** In this order: the index is dropped and brought back, and the table's indexes get other OIDs at the end. */
const IN_PLACE = [
  'analyze-table',
  'attach-index-partition',
  'detach-partition',
  'attach-partition',
  'analyze-database',
  'vacuum-database',
  'vacuum-table',
  'make-checkpoint',
  'drop-replication-slot',
  'update-extension',
  'set-statistics-target',
  'install-health-functions',
  'install-statistics-helper',
  'create-index',
  'create-materialized-view',
  'drop-leftover-index',
  'reset-statistics',
  'set-table-options',
  'change-settings',
  'refresh-materialized-view',
  'refresh-collation',
  'reindex-index',
]
const REBUILT = ['drop-index', 'restore-index', 'reindex-table']

/** Each with another name, and other options of every command. */
const RUNS = 15

describe.each([14, 18] as const)('hostile names and any options go through every command on PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await databaseOnOwnServer(major)
    await db.client.query('create table public.users (id int); create schema proctor; create schema analytics')
  })
  afterAll(() => db.drop())

  /** Everything by name and shape that a statement which nobody planned could have changed. */
  const catalog = async (): Promise<string[]> =>
    (
      await db.client.query<{ row: string }>(`
      select format('%s %s %s', c.relkind, n.nspname, c.relname) as row from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname !~ '^pg_'
      union all select 'schema ' || nspname from pg_namespace where nspname !~ '^pg_(toast|temp)'
      union all select 'role ' || rolname || rolsuper from pg_roles
      union all select 'column ' || attrelid::regclass || attname || atttypid from pg_attribute a join pg_class c on c.oid = attrelid where relkind in ('r', 'm', 'p') and attnum > 0 and c.oid > 16384
      union all select 'function ' || proname from pg_proc where oid > 16384 and proname not in ('monitor_index_health', 'check_index_bloat', 'column_statistics', 'key_combinations')
      union all select 'setting ' || setrole || setconfig::text from pg_db_role_setting
      order by 1`)
    ).rows.map(({ row }) => row)

  const oidOf = async (schema: string, relname: string): Promise<number> =>
    (
      await db.client.query(
        'select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relname = $2',
        [schema, relname],
      )
    ).rows[0]?.oid

  async function stage(text: string): Promise<Stage> {
    const [schema, on] = [identifier(text), qualified(text, text)]
    const index = `${cut(text, 60)}_i`
    const [view, partition, lacking] = [`${cut(text, 60)}_v`, `${cut(text, 60)}_p`, `${cut(text, 40)}_l`]
    await db.client.query(`create schema ${schema}; create table ${on} (${schema} text); insert into ${on} values (${literal(text)}), (${literal(text)});
      create index ${identifier(index)} on ${on} (lower(${schema})) where ${schema} <> ${literal(`${text}'`)};
      comment on index ${qualified(text, index)} is ${literal(text)};
      create materialized view ${qualified(text, view)} as select * from ${on};
      create table ${qualified(text, `${cut(text, 60)}_w`)} (${schema} text) partition by list (${schema});
      create table ${qualified(text, partition)} partition of ${qualified(text, `${cut(text, 60)}_w`)} for values in (${literal(text)});
      create index ${identifier(lacking)} on only ${qualified(text, `${cut(text, 60)}_w`)} (${schema});
      create table ${qualified(text, 'courses')} (id uuid primary key, title text, published_at timestamptz);
      create table ${qualified(text, 'student_progress')} (course_id uuid, completion_percentage numeric, total_time_spent interval);
      create collation ${on} (provider = icu, locale = 'de'); create table ${qualified(text, `${cut(text, 60)}_c`)} (c text collate ${on} unique)`)
    const collation = (
      await db.client.query(`update pg_collation set collversion = '1.1' where oid = $1::regcollation returning oid::int8::int as oid`, [
        on,
      ])
    ).rows[0].oid
    await db.client.query(`create unique index concurrently x_ccnew on ${on} (${schema})`).catch(() => undefined)
    await db.client.query(
      `create extension intarray schema ${schema} version '1.4'; select pg_create_physical_replication_slot('fuzzed', true)`,
    )
    const oid = (relname: string) => oidOf(text, relname)
    return {
      name: text,
      index_name: index,
      table: await oid(text),
      index: await oid(index),
      view: await oid(view),
      partition: await oid(partition),
      whole: await oid(`${cut(text, 60)}_w`),
      lacking: await oid(lacking),
      slot: 'fuzzed',
      extension: 'intarray',
      leftover: await oid('x_ccnew'),
      collation,
      pid: 0,
      backendStart: '',
    }
  }

  /** A session of that name at work: not there while something is built CONCURRENTLY, which would wait for it. */
  async function sleeper(text: string): Promise<{ pid: number; backendStart: string; ended: Promise<unknown> }> {
    const session = await db.connect()
    await session.query(`set application_name = ${literal(cut(text, 63))}`)
    const { rows } =
      await session.query(`select pid, to_char(backend_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "backendStart"
      from pg_stat_activity where pid = pg_backend_pid()`)
    const ended = session
      .query(`select pg_sleep(60), ${literal(text)}`)
      .catch(() => undefined) // it was cancelled, or terminated
      .then(() => session.end())
    const active = `select from pg_stat_activity where pid = $1 and state = 'active'`
    await expect.poll(async () => (await db.client.query(active, [rows[0].pid])).rowCount).toBe(1)
    return { ...rows[0], ended }
  }

  /** How often each command was carried out. */
  const times = new Map<string, number>()

  /** Plans with these options; where they do not go together, which is told, without any. */
  async function planned(command: string, input: object, chosen: Record<string, unknown>) {
    const listed = COMMANDS.get(command)
    if (!listed) throw new Error(`no command ${command}`)
    const set = 'set' in input && 'set' in chosen ? { set: { ...Object(input.set), ...Object(chosen.set) } } : {}
    const first = await planForTest(db.target, listed, { ...input, ...chosen, ...set })
    if (first.ok) return first.value
    expect(['invalid_input', 'conflict', 'missing_extension'], `${command}: ${first.problem.message}`).toContain(first.problem.kind)
    const plain = await planForTest(db.target, listed, input)
    if (!plain.ok) throw new Error(`${command}: ${plain.problem.message}`)
    return plain.value
  }

  /** Runs a command on the stage, and sees that only what was planned happened. */
  async function run(command: string, on: Stage, chosen: Record<string, unknown> = {}): Promise<void> {
    const { input, kinds, changes = () => [], makes = [] } = SCENARIOS[command] as Scenario
    const { statements, undo, phrase } = (await planned(command, input(on), chosen)).plan
    expect(phrase.length).toBeGreaterThan(0)
    for (const statement of statements) {
      const parsed = await parseSql(statement)
      const read = parsed.ok ? parsed.value.map(({ kind }) => kind) : [parsed.problem.message]
      expect(read).toHaveLength(1)
      if (read[0] === 'VariableSetStmt') expect(statement).toMatch(/^SET (lock_timeout|statement_timeout) = ('\d+s'|0)$/)
      else expect(kinds).toContain(read[0])
    }
    if (undo !== null) expect((await parseSql(undo)).ok).toBe(true)
    const before = await catalog()
    await sendForTest(db, statements)
    const after = await catalog()
    const isColumnOfView = (row: string) => row.startsWith('column analytics.')
    const came = after.filter((row) => !before.includes(row) && !(makes.length > 0 && isColumnOfView(row)))
    const went = before.filter((row) => !after.includes(row))
    const expected = [...changes(on).map((relname) => `i ${on.name} ${relname}`), ...makes]
    expect([...came, ...went]).toEqual(expected)
    times.set(command, (times.get(command) ?? 0) + 1)
  }

  it('knows every command', () => {
    expect([...IN_PLACE, ...REBUILT, 'cancel-backend', 'terminate-backend'].sort()).toEqual(Object.keys(SCENARIOS).sort())
    // A restart is of the server as a whole, which has no name.
    expect([...Object.keys(SCENARIOS), 'restart-server'].sort()).toEqual([...COMMANDS.keys()].sort())
  })

  it('executes nothing but the plan', async () => {
    await fc.assert(
      fc.asyncProperty(name, options, async (text, chosen) => {
        const on = await stage(text)
        // What a rebuild gives another OID comes last.
        for (const command of IN_PLACE) await run(command, on, chosen[command])
        const index = await oidOf(text, on.index_name)
        for (const command of REBUILT) await run(command, { ...on, index }, chosen[command])
        for (const command of ['cancel-backend', 'terminate-backend']) {
          const { ended, ...backend } = await sleeper(text)
          await run(command, { ...on, ...backend })
          await ended
        }
        await db.client.query(`drop schema ${identifier(text)} cascade`)
      }),
      // No shrinking: what a run that failed left behind would fail the next one.
      { numRuns: RUNS, endOnFailure: true },
    )
    expect(Object.fromEntries(times)).toEqual(Object.fromEntries(Object.keys(SCENARIOS).map((command) => [command, RUNS])))
  })

  it.each(Object.keys(SCENARIOS))('%s takes no NUL, and nothing that it does not know', async (command) => {
    const listed = COMMANDS.get(command)
    if (!listed) throw new Error(`no command ${command}`)
    const ids = { partition: 1, whole: 1, lacking: 1, table: 1, index: 1, view: 1, leftover: 1, collation: 1, pid: 1 }
    const on: Stage = { ...ids, slot: 'x', extension: 'x', name: 'x', index_name: 'i', backendStart: '2026-01-01T00:00:00.000000Z' }
    const input = SCENARIOS[command]?.input(on) ?? {}
    for (const [key, value] of Object.entries(input)) {
      const spoiled = { ...input, [key]: `${typeof value === 'object' ? '' : value}\0` }
      expect(await planForTest(db.target, listed, spoiled)).toMatchObject({ ok: false, problem: { kind: 'invalid_input' } })
    }
    const more = { ...input, sql: 'drop table users' }
    expect(await planForTest(db.target, listed, more)).toMatchObject({ ok: false, problem: { kind: 'invalid_input' } })
  })
})
