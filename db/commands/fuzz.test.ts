import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { databaseOnOwnServer } from '../embedded/own-server'
import { planForTest, sendForTest } from '../embedded/test-command'
import type { TestDatabase } from '../embedded/test-database'
import { identifier, literal, qualified } from '../target/identifiers'
import { parseSql } from '../target/parse-sql'
import { COMMANDS } from './registry'

/** A relation that commands work on, all of its names taken from one hostile text. */
interface Stage {
  name: string
  table: number
  index: number
  view: number
  leftover: number
  index_name: string
  pid: number
  backendStart: string
}

interface Scenario {
  input: (stage: Stage) => object
  /** The statements that do the work, by the parser's names. SET comes before, and is checked to be of a time-out. */
  kinds: string[]
  /** Relations that may come or go. */
  changes?: (stage: Stage) => string[]
}

const SCENARIOS: Record<string, Scenario> = {
  'reindex-index': { input: ({ index }) => ({ oid: index }), kinds: ['ReindexStmt'] },
  'reindex-table': { input: ({ table }) => ({ oid: table }), kinds: ['ReindexStmt'] },
  'vacuum-table': { input: ({ table }) => ({ oid: table, full: true, freeze: true, analyze: true }), kinds: ['VacuumStmt'] },
  'analyze-table': { input: ({ table }) => ({ oid: table }), kinds: ['VacuumStmt'] },
  'drop-leftover-index': { input: ({ leftover }) => ({ oid: leftover }), kinds: ['DropStmt'], changes: () => ['x_ccnew'] },
  'install-health-functions': {
    input: ({ name }) => ({ schema: name }),
    kinds: ['CreateFunctionStmt', 'DropStmt', 'CommentStmt', 'DoStmt'],
  },
  'create-index': {
    input: ({ name }) => ({
      definition: `create index ${identifier(made(name))} on ${qualified(name, name)} (${identifier(name)}) where ${identifier(name)} <> ${literal(name)}`,
    }),
    kinds: ['IndexStmt'],
    changes: ({ name }) => [made(name)],
  },
  'drop-index': { input: ({ index }) => ({ oid: index }), kinds: ['DropStmt'], changes: ({ index_name: name }) => [name] },
  'restore-index': {
    input: ({ name, index_name: index }) => ({
      ddl: `create index concurrently ${identifier(index)} on ${qualified(name, name)} (lower(${identifier(name)}));
            comment on index ${qualified(name, index)} is ${literal(name)}`,
    }),
    kinds: ['IndexStmt', 'CommentStmt'],
    changes: ({ index_name: name }) => [name],
  },
  'cancel-backend': { input: ({ pid, backendStart }) => ({ pid, backendStart }), kinds: ['SelectStmt'] },
  'terminate-backend': { input: ({ pid, backendStart }) => ({ pid, backendStart }), kinds: ['SelectStmt'] },
  'reset-statistics': { input: ({ table }) => ({ of: 'relation', oid: table }), kinds: ['SelectStmt'] },
  'set-table-options': { input: ({ table }) => ({ oid: table, set: { fillfactor: '70' } }), kinds: ['AlterTableStmt'] },
  'change-settings': {
    input: ({ name, table }) => ({ set: { log_line_prefix: `${name.replaceAll(/[\r\n]/g, ' ')} ${table} ` } }),
    kinds: ['AlterSystemStmt', 'SelectStmt'],
  },
  'refresh-materialized-view': { input: ({ view }) => ({ oid: view }), kinds: ['RefreshMatViewStmt'] },
}

/** In this order: the index is dropped and brought back, and the table's indexes get other OIDs at the end. */
const IN_PLACE = [
  'analyze-table',
  'vacuum-table',
  'install-health-functions',
  'create-index',
  'drop-leftover-index',
  'reset-statistics',
  'set-table-options',
  'change-settings',
  'refresh-materialized-view',
  'reindex-index',
]
const REBUILT = ['drop-index', 'restore-index', 'reindex-table']

/** Cuts between characters, so that what follows has room in 63 bytes. */
const cut = (text: string, bytes: number): string => {
  let kept = ''
  for (const character of text) if (Buffer.byteLength(kept + character) <= bytes) kept += character
  return kept
}
const made = (name: string): string => `${cut(name, 60)}_n`

const hostile = fc.oneof(
  fc.constantFrom(
    'x"; drop table users; --',
    "x'; drop table users; --",
    '<img src=x onerror=alert(1)>',
    '$$; drop table users; $$',
    '$1 %s %I \\',
    '</script>/* x */',
    "E'\\'",
    'ä'.repeat(31),
    '😀'.repeat(15),
    '\u202eabc\u2066',
    ' ',
    '\n;\n',
    '\u0001\u001b[2J\f\v\b',
    'ON ONLY',
    ' WHERE x',
    'x(y',
    'select',
    '"',
    'x'.repeat(63),
  ),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
  fc.string({ unit: fc.constantFrom('"', "'", ';', '-', '\\', '$', ' ', '\n', '(', '.', 'é', '*', '/', 'x'), minLength: 1, maxLength: 63 }),
)

const name = hostile
  .filter((text) => !text.includes('\0') && text.isWellFormed())
  .map((text) => cut(text, 63))
  .filter((text) => text !== '' && !text.startsWith('pg_'))

describe('hostile names go through every command', () => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await databaseOnOwnServer(18)
    await db.client.query('create table public.users (id int)')
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
      union all select 'function ' || proname from pg_proc where oid > 16384 and proname not in ('monitor_index_health', 'check_index_bloat')
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
    const view = `${cut(text, 60)}_v`
    await db.client.query(`create schema ${schema}; create table ${on} (${schema} text); insert into ${on} values (${literal(text)}), (${literal(text)});
      create index ${identifier(index)} on ${on} (lower(${schema})) where ${schema} <> ${literal(`${text}'`)};
      comment on index ${qualified(text, index)} is ${literal(text)};
      create materialized view ${qualified(text, view)} as select * from ${on}`)
    await db.client.query(`create unique index concurrently x_ccnew on ${on} (${schema})`).catch(() => undefined)
    const oid = (relname: string) => oidOf(text, relname)
    return {
      name: text,
      index_name: index,
      table: await oid(text),
      index: await oid(index),
      view: await oid(view),
      leftover: await oid('x_ccnew'),
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
    const ended = session.query(`select pg_sleep(60), ${literal(text)}`).catch(() => undefined)
    const active = `select from pg_stat_activity where pid = $1 and state = 'active'`
    await expect.poll(async () => (await db.client.query(active, [rows[0].pid])).rowCount).toBe(1)
    return { ...rows[0], ended }
  }

  /** Runs a command on the stage, and sees that only what was planned happened. */
  async function run(command: string, { input, kinds, changes = () => [] }: Scenario, on: Stage): Promise<void> {
    const listed = COMMANDS.get(command)
    if (!listed) throw new Error(`no command ${command}`)
    const planned = await planForTest(db.target, listed, input(on))
    if (!planned.ok) throw new Error(`${command}: ${planned.problem.message}`)
    const { statements, undo, phrase } = planned.value.plan
    expect(phrase.length).toBeGreaterThan(0)
    for (const statement of statements) {
      const parsed = await parseSql(statement)
      const read = parsed.ok ? parsed.value.map(({ kind }) => kind) : [parsed.problem.message]
      expect(read).toHaveLength(1)
      if (read[0] === 'VariableSetStmt')
        expect(statement).toMatch(/^SET (lock_timeout|statement_timeout|standard_conforming_strings) = ('\d+s'|0|on)$/)
      else expect(kinds).toContain(read[0])
    }
    if (undo !== null) expect((await parseSql(undo)).ok).toBe(true)
    const before = await catalog()
    await sendForTest(db, statements)
    const after = await catalog()
    const [came, went] = [after.filter((row) => !before.includes(row)), before.filter((row) => !after.includes(row))]
    const expected = changes(on).map((relname) => `i ${on.name} ${relname}`)
    expect([...came, ...went]).toEqual(expected)
  }

  it('knows every command', () => {
    expect([...IN_PLACE, ...REBUILT, 'cancel-backend', 'terminate-backend'].sort()).toEqual(Object.keys(SCENARIOS).sort())
    // A restart is of the server as a whole, which has no name.
    expect([...Object.keys(SCENARIOS), 'restart-server'].sort()).toEqual([...COMMANDS.keys()].sort())
  })

  it('executes nothing but the plan', async () => {
    await fc.assert(
      fc.asyncProperty(name, async (text) => {
        const on = await stage(text)
        // What a rebuild gives another OID comes last.
        for (const command of IN_PLACE) await run(command, SCENARIOS[command] as Scenario, on)
        const index = await oidOf(text, on.index_name)
        for (const command of REBUILT) await run(command, SCENARIOS[command] as Scenario, { ...on, index })
        for (const command of ['cancel-backend', 'terminate-backend']) {
          const { ended, ...backend } = await sleeper(text)
          await run(command, SCENARIOS[command] as Scenario, { ...on, ...backend })
          await ended
        }
        await db.client.query(`drop schema ${identifier(text)} cascade`)
      }),
      { numRuns: 25, interruptAfterTimeLimit: 45_000 },
    )
  }, 180_000)

  it.each(Object.keys(SCENARIOS))('%s takes no NUL, and nothing that it does not know', async (command) => {
    const listed = COMMANDS.get(command)
    if (!listed) throw new Error(`no command ${command}`)
    const ids = { table: 1, index: 1, view: 1, leftover: 1, pid: 1 }
    const on: Stage = { ...ids, name: 'x', index_name: 'i', backendStart: '2026-01-01T00:00:00.000000Z' }
    const input = SCENARIOS[command]?.input(on) ?? {}
    for (const [key, value] of Object.entries(input)) {
      const spoiled = { ...input, [key]: `${typeof value === 'object' ? '' : value}\0` }
      expect(await planForTest(db.target, listed, spoiled)).toMatchObject({ ok: false, problem: { kind: 'invalid_input' } })
    }
    const more = { ...input, sql: 'drop table users' }
    expect(await planForTest(db.target, listed, more)).toMatchObject({ ok: false, problem: { kind: 'invalid_input' } })
  })
})
