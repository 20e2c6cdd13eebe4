import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { pendingSettings } from '../db/commands/restart-server/facts'
import { measureIndex } from '../db/indexes/measure-index'
import { indexBloatEstimate } from '../db/indexes/reads/index-bloat-estimate'
import { privilegeDoctor } from '../db/privileges/privilege-doctor'
import type { Params, Read } from '../db/server/define-read'
import { forgetFacts } from '../db/server/facts'
import { identifier } from '../db/server/identifiers'
import { closePools } from '../db/server/pool'
import { forgetReads, runRead } from '../db/server/run-read'
import type { Target } from '../db/server/target'
import { sessions } from '../db/sessions/reads/sessions'
import { fileSettings } from '../db/settings/reads/settings'
import { settingsSample } from '../db/settings/reads/settings-sample'
import { statements, statementsInfo, statementTexts } from '../db/statements/reads/statements'
import { databaseOnOwnServer } from './support/own-server'
import { runs, send } from './support/send-commands'
import { prepare } from './support/test-command'
import type { TestDatabase } from './support/test-database'

/** What the console says that would lift it, and whether it is lifted. */
interface Case {
  said: (target: Target) => Promise<string[]>
  works: (target: Target) => Promise<boolean>
  /** Before that major nothing lifts it, which the doctor says. */
  since?: number
}

/** One of the role's own statements: it may not see those of others. */
const ENTRY =
  'select userid, dbid, queryid::text from ext.pg_stat_statements where toplevel and userid = (select oid from pg_roles where rolname = $1) limit 1'

/** How a role may come: what it is granted already is not always inherited. */
const ROLES: Record<string, string> = {
  'a role with nothing': 'login',
  'a role that does not inherit': 'login noinherit',
  'a role that is granted them without inheriting': 'login noinherit',
}

describe.each([14, 16, 18] as const)('every GRANT that is named, on PostgreSQL %i', (major) => {
  let db: TestDatabase
  const oids: Record<string, number> = {}
  const sql = (text: string) => db.client.query(text)
  let made = 0

  beforeAll(async () => {
    db = await databaseOnOwnServer(major)
    await sql(`
      revoke all on schema public from public; create schema ext; create schema app; create schema loose; create role keeper login password 'x'; grant all on schema app to keeper;
      create extension pg_stat_statements schema ext; create extension pgstattuple schema ext; revoke execute on all functions in schema ext from public;
      create table app.kept (id int primary key, note text); insert into app.kept select i, i::text from generate_series(1, 500) i;
      create index kept_note on app.kept (note); create collation app.c (provider = icu, locale = 'de');
      create table app.sorted (v text collate app.c); create index sorted_v on app.sorted (v); create materialized view app.seen as select count(*) from app.kept;
      create table loose.kept (id int primary key); create index loose_id on loose.kept (id);
      alter table app.kept owner to keeper; alter table app.sorted owner to keeper; alter collation app.c owner to keeper; alter materialized view app.seen owner to keeper; alter table loose.kept owner to keeper;
      alter table app.kept enable row level security; analyze app.kept; analyze loose.kept`)
    for (const name of ['app.kept', 'app.kept_pkey', 'app.kept_note', 'app.seen', 'loose.kept', 'loose.loose_id'])
      oids[name] = (await db.client.query('select $1::regclass::oid as oid', [name])).rows[0].oid
    await db.connect({ user: 'keeper', password: 'x' })
    // Rows are reported a moment later; until then nothing is known of the table, whoever asks.
    const live = async () => (await sql(`select pg_stat_get_live_tuples('app.kept'::regclass)::int as live`)).rows[0].live
    await vi.waitFor(async () => expect(await live()).toBe(500), { timeout: 60_000, interval: 100 })
  })
  afterAll(() => db.drop())

  const doctor = (name: string) => async (target: Target) => {
    const lines = await privilegeDoctor(target, ['work_mem', 'max_wal_size'])
    if (!lines.ok) throw new Error(lines.problem.message)
    const line = lines.value.find((one) => one.name === name)
    return line?.fix ?? []
  }
  const estimate = async (target: Target) => {
    forgetReads()
    const rows = await runRead(target, indexBloatEstimate, {})
    if (!rows.ok) throw new Error(rows.problem.message)
    return rows.value
  }
  const answers = async <T extends Read>(target: Target, read: T, params: Params<T>) => (await runRead(target, read, params)).ok
  const read = <T extends Read>(one: T, params: Params<T>): Case => ({
    said: async (target) => {
      const answer = await runRead(target, one, params)
      return answer.ok ? [] : (answer.problem.fix ?? '').split('; ')
    },
    works: (target) => answers(target, one, params),
  })

  /** What the line of the preflight says that stops it. */
  const command = (name: string, input: () => object | Promise<object>, stopping = 'privilege'): Case => ({
    said: async (target) => {
      const { preflight } = await prepare(target, name, await input())
      const { detail = '' } = preflight.find((line) => line.status === 'stop' && line.name === stopping) ?? {}
      return (/((?:GRANT|ALTER ROLE) .*) would allow it\.$/.exec(detail)?.[1] ?? '').split('; ')
    },
    works: async (target) => runs(target, [[name, await input()]]),
  })
  /** The concurrent form would give it another OID. */
  const inPlace = (name: string) => ({ oid: oids[name], concurrently: false })
  const of = (name: string) => () => ({ oid: oids[name] })
  const newIndex = (table: string) => () => ({ definition: `create index made_${made} on ${table} (id)` })
  const maintenance = (): [string, object][] => [
    ...['app.kept', 'loose.kept'].flatMap((name): [string, object][] =>
      ['reindex-table', 'vacuum-table', 'analyze-table'].map((one) => [one, one === 'reindex-table' ? inPlace(name) : { oid: oids[name] }]),
    ),
    ...['app.kept_note', 'loose.loose_id'].map((name): [string, object] => ['reindex-index', inPlace(name)]),
    ['refresh-materialized-view', { oid: oids['app.seen'] }],
  ]
  const resets = async ({ user }: Target): Promise<[string, object][]> => [
    ['reset-statistics', { of: 'statement', ...(await db.client.query(ENTRY, [user])).rows[0] }],
    ['reset-statistics', { of: 'relation', oid: oids['app.kept'] }],
    ['reset-statistics', { of: 'database' }],
    ['reset-statistics', { of: 'statements' }],
  ]

  /** As it is when the library has another version than it had. */
  const outdated = async () => {
    const { rows } = await sql(
      `update pg_collation set collversion = '1.1' where collname = 'c' and collowner = 'keeper'::regrole returning oid::int`,
    )
    return { oids: [rows[0].oid] }
  }

  const cases: Record<string, Case> = {
    'sessions of others': {
      said: doctor('sessions-of-others'),
      works: async (target) => {
        const rows = await runRead(target, sessions, {})
        return rows.ok && rows.value.every(({ hidden }) => !hidden)
      },
    },
    'all settings': {
      said: doctor('all-settings'),
      works: async (target) => {
        const rows = await runRead(target, settingsSample, {})
        return rows.ok && rows.value.some(({ name }) => name === 'data_directory')
      },
    },
    // Of equal keys pgstatindex alone tells too little: a unique index has none.
    'exact bloat': { said: doctor('exact-bloat'), works: async (target) => (await measureIndex(target, oids['app.kept_pkey'] ?? 0)).ok },
    'column statistics': {
      said: doctor('column-statistics'),
      works: async (target) => (await estimate(target)).every(({ withheld }) => withheld !== 'column statistics not visible'),
    },
    'query statistics': {
      said: doctor('query-statistics'),
      works: async (target) =>
        (await answers(target, statements, { showtext: true, dbid: null })) &&
        (await answers(target, statementTexts, { queryids: ['1'] })) &&
        answers(target, statementsInfo, {}),
    },
    maintenance: { said: doctor('maintenance'), works: (target) => runs(target, maintenance()) },
    ownership: {
      said: doctor('ownership'),
      works: (target) =>
        runs(target, [
          ['create-index', newIndex('app.kept')()],
          ['create-index', newIndex('loose.kept')()],
          ['set-table-options', { oid: oids['app.kept'], set: { autovacuum_vacuum_threshold: String(100 + made) } }],
          ['drop-index', { name: { schemaname: 'loose', relname: `made_${made}` }, knowing: true }],
          ['drop-index', { name: { schemaname: 'app', relname: `made_${made}` }, knowing: true }],
        ]),
    },
    signals: {
      said: doctor('signals'),
      works: async (target) => {
        const { rows } = await db.client.query(
          `select pid, to_char(backend_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as start from pg_stat_activity where usename = 'keeper' limit 1`,
        )
        const planned = await prepare(target, 'cancel-backend', { pid: rows[0].pid, backendStart: rows[0].start }).catch(() => null)
        if (planned?.line('privilege')?.status !== 'pass') return false
        await send(target, planned.plan.statements)
        return true
      },
    },
    'changing settings': {
      since: 15,
      said: doctor('changing-settings'),
      works: (target) => runs(target, [['change-settings', { set: { work_mem: `${5000 + made}kB` } }]]),
    },
    'resetting statistics': { said: doctor('resetting-statistics'), works: async (target) => runs(target, await resets(target)) },
    'health functions': { said: doctor('health-functions'), works: (target) => runs(target, [['install-health-functions', {}]]) },
    'what files say': read(fileSettings, { names: ['work_mem'] }),
    'what waits for a restart': read(pendingSettings, {}),
    'an entry of pg_stat_statements': read(statements, { showtext: true, dbid: null }),
    'its information': read(statementsInfo, {}),
    'REINDEX of a table': command('reindex-table', () => inPlace('app.kept')),
    'VACUUM in a schema that is closed to the owner': command('vacuum-table', of('loose.kept')),
    'refreshing collations': { said: doctor('collations'), works: command('refresh-collation', outdated).works },
    'REFRESH of a collation': command('refresh-collation', outdated, 'ownership'),
    REFRESH: command('refresh-materialized-view', of('app.seen')),
    'CREATE INDEX': command('create-index', newIndex('app.kept')),
    'CREATE INDEX in a schema that is closed to the owner': command('create-index', newIndex('loose.kept')),
    'options of a table': command('set-table-options', () => ({
      oid: oids['loose.kept'],
      set: { autovacuum_vacuum_threshold: String(100 + made) },
    })),
    'health functions, by the command': command('install-health-functions', () => ({})),
  }

  describe.each(Object.keys(ROLES))('%s', (kind) => {
    /** A role that nobody has granted anything yet, but for what it does not use of others. */
    const newRole = async (dormant: string[]): Promise<Target> => {
      const role = `Looker ${major} ${++made}`
      await sql(`create role ${identifier(role)} ${ROLES[kind]} password 'look'`)
      for (const granted of dormant) await sql(`grant ${granted} to ${identifier(role)}`)
      forgetFacts()
      forgetReads()
      return db.as(role, 'look')
    }
    /** The roles that are named to one that has nothing. */
    const rolesNamed = async (one: Case): Promise<string[]> => {
      const target = await newRole([])
      const said = await one.said(target)
      await gone(target)
      return said.flatMap((statement) => /^GRANT (\w+) TO /.exec(statement)?.[1] ?? [])
    }
    const fresh = async <T>(target: Target, look: (target: Target) => Promise<T>): Promise<T> => {
      forgetFacts()
      forgetReads()
      await closePools(target.serverId)
      return look(target)
    }
    const gone = async (target: Target) => {
      await closePools(target.serverId)
      await sql(`drop owned by ${identifier(target.user)} cascade; drop role ${identifier(target.user)}`)
    }

    it.each(Object.entries(cases).filter(([, { since = 14 }]) => major >= since))(
      '%s: all are needed, and then it works',
      async (_, one) => {
        const dormant = kind.includes('without inheriting') ? await rolesNamed(one) : []
        const target = await newRole(dormant)
        const all = (await one.said(target)).filter(Boolean)
        // Before 15 membership alone shows what others do.
        if (dormant.length === 0) expect(all).not.toEqual([])
        expect(await fresh(target, one.works), 'works before').toBe(all.length === 0)
        for (const statement of all) await sql(statement)
        expect(await fresh(target, one.works), all.join('; ')).toBe(true)
        await gone(target)
        for (let out = 0; out < all.length && all.length > 1; out++) {
          const less = await newRole(dormant)
          const said = await one.said(less)
          for (const [at, statement] of said.entries()) if (at !== out && statement !== said[out]) await sql(statement)
          expect(await fresh(less, one.works), `without ${said[out]}`).toBe(false)
          await gone(less)
        }
      },
    )
  })
})
