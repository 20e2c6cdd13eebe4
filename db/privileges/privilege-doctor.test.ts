import type { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { COMMANDS } from '../commands/registry'
import { MAJORS } from '../embedded/binaries'
import { forgetFacts } from '../server/facts'
import { forgetReads, runRead } from '../server/run-read'
import type { Target } from '../server/target'
import { PARAMETER_NAMES } from '../settings/registry'
import { privilegeDoctor, privilegeLines } from './privilege-doctor'
import type { PrivilegeLine } from './privilege-line'
import { privileges } from './reads/privileges'

/** No GRANT lifts it: the functions of pageinspect ask for a superuser themselves, the extensions are his, and so do ALTER SYSTEM and CHECKPOINT before 15. */
const superuserOnly = (major: number) => ['page-sample', 'extension-updates', ...(major < 15 ? ['changing-settings', 'checkpoints'] : [])]
/** Only the embedded sample is restarted from here, as the superuser that the console made there. */
const OF_THE_SAMPLE = ['restart-server']

describe.each(MAJORS)('PostgreSQL %i', (major) => {
  let database: TestDatabase
  const watcher = `Watcher "${major}"`
  const quoted = `"Watcher ""${major}"""`
  const owner = `keeper_${major}`
  beforeAll(async () => {
    database = await testDatabase(major)
    await database.client.query(`create role ${quoted} login password 'watch'`)
    await database.client.query(`create role ${owner}`)
    await database.client.query('revoke execute on function pg_control_system() from public') // of this database
    await database.client.query(`revoke create on schema public from public; create schema authorization ${owner}`)
    await database.client.query(`set role ${owner}; create table ${owner}.kept (id int primary key, secret text);
      create collation ${owner}.c (provider = icu, locale = 'de'); create index kept_c on ${owner}.kept (secret collate ${owner}.c); reset role`)
    await database.client.query(`insert into ${owner}.kept select n, n::text from generate_series(1, 500) n; analyze ${owner}.kept`)
  })
  afterAll(async () => {
    await database.client.query(`drop owned by ${quoted}, ${owner} cascade; drop role ${quoted}, ${owner}`)
    await database.drop()
  })

  const lines = async (target: Target): Promise<Map<string, PrivilegeLine>> => {
    forgetFacts()
    forgetReads()
    const found = await privilegeDoctor(target, PARAMETER_NAMES)
    if (!found.ok) throw new Error(found.problem.message)
    return new Map(found.value.map((line) => [line.name, line]))
  }

  it('finds a bare role lacking nearly everything, and says what lifts each', async () => {
    const found = await lines(database.as(watcher, 'watch'))
    expect([...found.values()].filter(({ status }) => status === 'fine')).toEqual([])
    expect(found.get('sessions-of-others')?.fix).toEqual([`GRANT pg_monitor TO ${quoted}`])
    expect(found.get('signals')?.fix).toEqual(['pg_read_all_stats', 'pg_signal_backend'].map((role) => `GRANT ${role} TO ${quoted}`))
    expect(found.get('maintenance')?.fix).toEqual(
      major >= 17 ? [`GRANT pg_maintain TO ${quoted}`, `GRANT USAGE ON SCHEMA ${owner} TO ${quoted}`] : [`GRANT ${owner} TO ${quoted}`],
    )
    expect(found.get('collations')).toMatchObject({
      status: 'missing',
      fix: [`GRANT ${owner} TO ${quoted}`],
      commands: ['refresh-collation'],
    })
    expect(found.get('which-cluster')?.fix).toEqual([`GRANT EXECUTE ON FUNCTION pg_catalog.pg_control_system() TO ${quoted}`])
    expect(found.get('exact-bloat')?.fix).toContain('CREATE EXTENSION pgstattuple')
    for (const line of found.values()) expect(line.fix === null, line.name).toBe(superuserOnly(major).includes(line.name))
  })

  it('is right about it: what it calls missing is refused', async () => {
    const session = await database.connect({ user: watcher, password: 'watch' })
    await database.client.query(`grant usage on schema ${owner} to ${quoted}`)
    await database.client.query('create extension pageinspect; grant execute on all functions in schema public to public')
    await expect(session.query(`select bt_page_stats('${owner}.kept_pkey', 1)`)).rejects.toThrow('must be superuser')
    await expect(session.query(`reindex table ${owner}.kept`)).rejects.toThrow(/must be owner|permission denied/)
    await expect(session.query(`select pg_cancel_backend(${await backendOf(database.client)})`)).rejects.toThrow(/must|permission denied/)
    await expect(session.query('create function public.f() returns int language sql as $$ select 1 $$')).rejects.toThrow(
      'permission denied',
    )
    const { rows } = await session.query(`select count(*)::int as n from pg_stats where tablename = 'kept'`)
    expect(rows[0].n).toBe(0)
    await database.client.query('drop extension pageinspect')
  })

  it('says fine to everything that its own statements lift', async () => {
    for (let round = 0; round < 2; round++) {
      // An extension that is made brings functions of its own: a second look finds them.
      for (const line of (await lines(database.as(watcher, 'watch'))).values()) {
        if (line.status !== 'fine') for (const statement of line.fix ?? []) await database.client.query(statement)
      }
    }
    const left = [...(await lines(database.as(watcher, 'watch'))).values()].filter(({ status }) => status !== 'fine')
    expect(left.map(({ name }) => name).sort()).toEqual(superuserOnly(major).sort())
    const session = await database.connect({ user: watcher, password: 'watch' })
    await session.query(`reindex table ${owner}.kept`)
    await session.query(`select pgstatindex('${owner}.kept_pkey')`)
    await session.query(`alter collation ${owner}.c refresh version`)
    await session.query('create function public.f() returns int language sql as $$ select 1 $$')
    await session.query('select pg_stat_reset(), pg_stat_statements_reset()')
    if (major >= 15) {
      await session.query(`alter system set work_mem = '5MB'`)
      await session.query('alter system reset work_mem')
      await session.query('select pg_reload_conf()')
    }
    const { rows } = await session.query(`select count(*)::int as n from pg_stats where tablename = 'kept'`)
    expect(rows[0].n).toBe(2)
  })

  it('sees that a role does not inherit what it was granted', async () => {
    const role = `closed_${major}`
    await database.client.query(`create role ${role} noinherit login password 'x'; grant pg_signal_backend to ${role}`)
    const line = (await lines(database.as(role, 'x'))).get('signals')
    expect(line?.status).toBe('missing')
    for (const statement of line?.fix ?? []) await database.client.query(statement)
    expect((await lines(database.as(role, 'x'))).get('signals')?.status).toBe('fine')
    await database.client.query(`drop role ${role}`)
  })

  it('asks for nothing but extensions as a superuser, and never grants one away', async () => {
    await database.client.query('create table of_superuser (id int)')
    const own = await lines(database.target)
    expect(own.get('maintenance')?.status).toBe('fine')
    expect(own.get('page-sample')?.fix).toEqual(['CREATE EXTENSION pageinspect'])
    await database.client.query('create extension pageinspect')
    expect((await lines(database.target)).get('page-sample')?.status).toBe('fine')
    const theirs = await lines(database.as(watcher, 'watch'))
    expect(theirs.get('ownership')).toMatchObject({
      status: 'degraded',
      detail: expect.stringContaining('belong to a superuser'),
      fix: null,
    })
  })

  it('tells of collations of a superuser that only a superuser refreshes', async () => {
    await database.client.query(`create index kept_sorted on ${owner}.kept (secret collate "de-x-icu")`)
    const theirs = await lines(database.as(watcher, 'watch'))
    expect(theirs.get('collations')).toMatchObject({ status: 'degraded', detail: expect.stringContaining('1 of 2'), fix: null })
    expect((await lines(database.target)).get('collations')).toMatchObject({ status: 'fine' })
    await database.client.query(`drop index ${owner}.kept_sorted`)
  })

  it('writes the preload so that the server keeps the libraries it has', async () => {
    const read = await runRead(database.target, privileges, { parameters: [] })
    if (!read.ok || !read.value[0]) throw new Error('no row')
    const bare = { ...read.value[0], statements_loaded: false, shared_preload_libraries: 'auto_explain, "my lib"' }
    const line = privilegeLines(bare, { major, role: 'x', inherits: true, dormant: [] }).find(({ name }) => name === 'query-statistics')
    expect(line).toMatchObject({ status: 'missing', restart: true })
    expect(line?.fix?.[0]).toBe(`ALTER SYSTEM SET shared_preload_libraries = 'auto_explain', 'my lib', 'pg_stat_statements'`)
    const hidden = privilegeLines({ ...bare, shared_preload_libraries: null }, { major, role: 'x', inherits: true, dormant: [] }).find(
      ({ name }) => name === 'query-statistics',
    )
    expect(hidden).toMatchObject({ fix: null, detail: expect.stringContaining('grant pg_monitor first') })
  })

  it('speaks of every command', async () => {
    const named = [...(await lines(database.target)).values()].flatMap(({ commands }) => commands)
    expect([...named, ...OF_THE_SAMPLE].sort()).toEqual([...COMMANDS.keys()].sort())
  })
})

async function backendOf(client: Client): Promise<number> {
  const { rows } = await client.query('select pg_backend_pid() as pid')
  return rows[0].pid
}
