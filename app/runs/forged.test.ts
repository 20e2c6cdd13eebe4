import type { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Preview } from '@/components/confirm/preview'
import { COMMANDS } from '@/db/commands/registry'
import { consoleDb } from '@/db/console/client'
import type { Role } from '@/db/console/roles'
import { run } from '@/db/console/schema'
import { registerServer } from '@/db/console/servers'
import { closeQueue } from '@/db/runs/run-queue'
import { closePools } from '@/db/server/pool'
import { accountsForTests } from '@/test/support/test-accounts'
import { type TestDatabase, testDatabase } from '@/test/support/test-database'
import { requestWith } from '@/test/support/test-request'
import { cancelRun, confirmCommands, previewCommands } from './actions'

const accounts = accountsForTests()
let watched: TestDatabase
let victim: Client
let asleep: Promise<unknown>
const inputs: Record<string, Record<string, unknown>> = {}

beforeAll(async () => {
  watched = await testDatabase(18)
  process.env.PROCTOR_SAMPLE_URL = watched.url // the one server that every command is for
  const { serverId, database } = watched.target
  await registerServer({ id: serverId, name: 'watched', source: 'embedded', database })
  await watched.client.query(`create table t (id int, n int); insert into t values (1, 1), (1, 2); create index t_id on t (id);
    create materialized view v as select * from t; create table secret (id int); create collation c (provider = icu, locale = 'de');
    create table collated (c text collate c unique); update pg_collation set collversion = '1.1' where oid = 'c'::regcollation`)
  await watched.client.query(
    'create table courses (id uuid primary key, title text, published_at timestamptz); create table student_progress (course_id uuid, completion_percentage numeric, total_time_spent interval)',
  )
  await watched.client.query(
    'create table u (id int, n int) partition by list (id); create table w (id int) partition by list (id); create table w1 partition of w for values in (1); create index w_id on only w (id)',
  )
  await watched.client.query(`create extension intarray version '1.4'; select pg_create_physical_replication_slot('${database}')`)
  await watched.client.query('create unique index concurrently t_id_ccnew on t (id)').catch(() => undefined)
  victim = await watched.connect()
  const { rows } =
    await victim.query(`select pid, to_char(backend_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "backendStart"
    from pg_stat_activity where pid = pg_backend_pid()`)
  asleep = victim.query('select pg_sleep(600)').catch(() => undefined)
  await watched.client.query(`do $$ begin
    while not exists (select from pg_stat_activity where pid = ${rows[0].pid} and state = 'active' and query ~ 'pg_sleep') loop
      perform pg_sleep(0.05), pg_stat_clear_snapshot();
    end loop; end $$`)
  const oid = async (name: string) => (await watched.client.query('select $1::regclass::oid as oid', [name])).rows[0].oid
  Object.assign(inputs, {
    'reindex-index': { oid: await oid('t_id') },
    'reindex-table': { oid: await oid('t') },
    'vacuum-table': { oid: await oid('t'), full: true },
    'analyze-table': { oid: await oid('t') },
    'attach-index-partition': { oid: await oid('w_id') },
    'change-settings': { set: { work_mem: '5MB' } },
    'cancel-backend': rows[0],
    'terminate-backend': rows[0],
    'make-checkpoint': {},
    'detach-partition': { oid: await oid('w1') },
    'attach-partition': { oid: await oid('t'), parent: await oid('u'), bound: 'FOR VALUES IN (1)' },
    'analyze-database': { tables: [await oid('t')] },
    'vacuum-database': { tables: [await oid('t')] },
    'drop-replication-slot': { slot: watched.target.database },
    'update-extension': { extension: 'intarray' },
    'set-statistics-target': { oid: await oid('t'), column: 1, target: 7 },
    'create-index': { definition: 'create index t_n on public.t (n)' },
    'create-materialized-view': { view: 'course_statistics', schema: 'public' },
    'drop-index': { oid: await oid('t_id') },
    'drop-leftover-index': { oid: await oid('t_id_ccnew') },
    'install-health-functions': {},
    'install-statistics-helper': {},
    'restart-server': {},
    'restore-index': { ddl: 'create index concurrently t_back on public.t (n);' },
    'refresh-collation': { oids: [(await watched.client.query(`select 'c'::regcollation::oid as oid`)).rows[0].oid] },
    'refresh-materialized-view': { oid: await oid('v') },
    'reset-statistics': { of: 'database' },
    'set-table-options': { oid: await oid('t'), set: { fillfactor: '70' } },
  })
})
afterAll(async () => {
  await watched.client.query('select pg_terminate_backend(pid) from pg_stat_activity where query = $1', ['select pg_sleep(600)'])
  await asleep
  await closeQueue()
  await closePools()
  await watched.client.query('select pg_drop_replication_slot($1)', [watched.target.database])
  await watched.drop()
})

const as = (who: Role | 'nobody') => requestWith({ cookie: accounts.cookies[who] })

/** What any of the commands would change, and the queue of what would change it. */
async function everything(): Promise<unknown> {
  const { rows } = await watched.client.query(`
    select (select json_agg(format('%s %s %s %s %s', oid, relname, relfilenode, relkind, reloptions) order by oid) from pg_class where oid > 16384) as relations,
           (select count(*) from pg_proc where oid > 16384) as functions, (select stats_reset from pg_stat_database where datname = current_database()) as reset,
           (select count(*) from pg_stat_activity where query = 'select pg_sleep(600)' and state = 'active') as sleeping,
           pg_stat_get_vacuum_count('t'::regclass) as vacuums, pg_stat_get_analyze_count('t'::regclass) as analyzes,
           (select count(*) from pg_file_settings where sourcefile ~ 'auto.conf') as settings`)
  return { ...rows[0], runs: await consoleDb().$count(run) }
}

/** At once, and for as long as the plan says. */
const NOW = { giveUpMinutes: null, window: null }

const place = (): [string, string] => [watched.target.serverId, watched.target.database]

/** What an operator is shown, which is what somebody else would forge. */
async function shown(command: string): Promise<Preview> {
  as('operator')
  const answer = await previewCommands(...place(), [{ command, input: inputs[command] ?? {} }])
  const problem = answer.ok ? answer.value.unplanned : answer.problem
  if (!answer.ok || problem) throw new Error(`${command}: ${problem?.message}`)
  return answer.value.previews[0] as Preview
}

const confirm = (
  { command, input, plan, cluster }: Preview,
  change: { statements?: string[]; typed?: string; cluster?: Preview['cluster'] } = {},
) => {
  const statements = change.statements ?? plan.statements
  const shown = change.cluster === undefined ? cluster : change.cluster
  return confirmCommands(...place(), [{ command, input, statements, cluster: shown }], change.typed ?? plan.phrase, NOW)
}

it('has an example of every command', () => {
  expect(Object.keys(inputs).sort()).toEqual([...COMMANDS.keys()].sort())
})

describe.each([...COMMANDS.keys()])('%s', (command) => {
  it.each(['nobody', 'viewer'] as const)('is refused to %s, who forges the confirmation', async (who) => {
    const preview = await shown(command)
    const before = await everything()
    as(who)
    expect(await confirm(preview)).toMatchObject({ ok: false, problem: { kind: 'insufficient_privilege' } })
    expect(await everything()).toEqual(before)
  })

  it('is refused to an operator whose SQL is not the one that was shown', async () => {
    const preview = await shown(command)
    const { statements } = preview.plan
    const before = await everything()
    as('operator')
    const forged = [
      [...statements, 'DROP TABLE secret'],
      statements.slice(0, -1),
      [...statements.slice(0, -1), `${statements.at(-1)}; DROP TABLE secret`],
      [...statements.slice(0, -1), 'DROP TABLE secret'],
    ]
    for (const sql of forged) {
      const answer = await confirm(preview, { statements: sql })
      // No statement at all is not even read.
      expect(answer).toMatchObject({ ok: false, problem: { kind: sql.length === 0 ? 'invalid_input' : 'conflict' } })
    }
    expect(await everything()).toEqual(before)
  })

  it('is refused to an operator who sends what the command does not take', async () => {
    const preview = await shown(command)
    const before = await everything()
    const input = { ...preview.input, sql: 'DROP TABLE secret', phrase: '' }
    expect(await confirm({ ...preview, input })).toMatchObject({ ok: false, problem: { kind: 'invalid_input' } })
    expect(await everything()).toEqual(before)
  })

  it('asks for the phrase where the plan or a check wants it', async () => {
    const preview = await shown(command)
    const asked = preview.plan.alwaysTyped || preview.preflight.some(({ status }) => status !== 'pass')
    const before = await everything()
    if (asked) {
      expect(await confirm(preview, { typed: '' })).toMatchObject({ ok: false })
      expect(await everything()).toEqual(before)
      return
    }
    // What nothing warns of is queued; no worker runs here, and it is taken back.
    const queued = await confirm(preview, { typed: '' })
    expect(queued).toMatchObject({ ok: true })
    if (queued.ok) expect(await cancelRun(queued.value[0]?.id ?? '')).toMatchObject({ ok: true })
    expect(await everything()).toMatchObject({ ...(before as object), runs: expect.any(Number) })
  })
})

it('says in words how many are too many', async () => {
  as('operator')
  const request = { command: 'analyze-table', input: inputs['analyze-table'] ?? {} }
  const many = await previewCommands(...place(), Array(101).fill(request))
  expect(many).toMatchObject({ ok: false, problem: { kind: 'invalid_input', message: expect.stringMatching(/^At most 100 commands/) } })
  const long = [{ ...request, statements: Array(5_001).fill('ANALYZE'), cluster: null }]
  expect(await confirmCommands(...place(), long, '', NOW)).toMatchObject({
    ok: false,
    problem: { kind: 'invalid_input', message: 'A run has at most 5,000 statements.' },
  })
})

it('knows no command beside them', async () => {
  const before = await everything()
  as('operator')
  for (const command of ['drop-table', 'constructor', '__proto__', 'toString', ''])
    expect(
      await confirmCommands(...place(), [{ command, input: {}, statements: ['DROP TABLE secret'], cluster: null }], '', NOW),
    ).toMatchObject({
      ok: false,
    })
  expect(await everything()).toEqual(before)
})
