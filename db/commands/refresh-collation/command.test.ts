import { describe, expect, it } from 'vitest'
import { prepare, sendForTest } from '../../../test/support/test-command'
import { testDatabase } from '../../../test/support/test-database'
import { MAJORS } from '../../embedded/binaries'
import { collationVersion } from '../../indexes/checks/collation-version'
import { forgetReads } from '../../server/run-read'

/** What the check finds in a database, and what it offers for it. */
async function found(target: Parameters<typeof collationVersion.look>[0]) {
  forgetReads()
  const answer = await collationVersion.look(target)
  if (!answer.ok) throw new Error(answer.problem.message)
  return answer.value
}

describe.each(MAJORS)('refresh-collation on PostgreSQL %i', (major) => {
  it('refreshes an index of each kind that the check finds, and warns of what no rebuild puts right', async () => {
    const db = await testDatabase(major)
    try {
      await db.client.query(`create schema c08; create table c08.t (id int primary key, name text collate "und-x-icu" unique);
        insert into c08.t select g, md5(g::text) from generate_series(1, 2000) g;
        create table c08.p (k text collate "und-x-icu", v int) partition by range (k); create table c08.p1 partition of c08.p for values from ('a') to ('m');
        create table c08.p2 partition of c08.p for values from ('m') to ('z'); create index on c08.p (k);
        update pg_collation set collversion = '1.1' where collname in ('und-x-icu', 'de-x-icu', 'fr-x-icu')`)
      const [used, unused, ...rest] = await found(db.target)
      expect(rest).toEqual([])
      for (const finding of [used, unused]) expect(finding?.fix?.command).toBe('refresh-collation')
      const one = await prepare(db.target, 'refresh-collation', used?.fix?.input)
      expect(one.plan.steps).toMatchObject([
        ...['p1_k_idx', 'p2_k_idx', 't_name_key'].map((name) => ({ name, required: true })),
        { name: 'pg_catalog."und-x-icu"' },
      ])
      const warned = one.preflight.filter(({ status }) => status !== 'pass')
      expect(warned.map(({ name, status }) => [name, status])).toEqual([
        ['collation-partitions', 'warn'],
        ['collation-unique', 'warn'],
      ])
      expect(one.line('collation-partitions')?.title).toContain('c08.p')
      expect(one.line('collation-unique')?.detail).toContain('t_name_key')
      const several = await prepare(db.target, 'refresh-collation', unused?.fix?.input)
      expect(several.plan.statements.filter((sql) => !sql.startsWith('SET '))).toEqual([
        'ALTER COLLATION pg_catalog."de-x-icu" REFRESH VERSION',
        'ALTER COLLATION pg_catalog."fr-x-icu" REFRESH VERSION',
      ])
      for (const { plan } of [one, several]) await sendForTest(db, plan.statements)
      expect(await found(db.target)).toEqual([])
      await expect(prepare(db.target, 'refresh-collation', used?.fix?.input)).rejects.toThrow('by now')
    } finally {
      await db.drop()
    }
  })

  it('is stopped for whom neither the collation nor its indexes belong to, and says what would allow it', async () => {
    const db = await testDatabase(major)
    const [keeper, stranger] = ['keeper', 'stranger'].map((name) => `${name}_${db.target.database}`)
    try {
      await db.client.query(`create role ${keeper}; create role ${stranger} login password 'x';
        create schema app authorization ${keeper}; grant usage on schema app to ${stranger}; set role ${keeper};
        create collation app.c (provider = icu, locale = 'de'); create table app.t (v text collate app.c); create index t_v on app.t (v); reset role;
        update pg_collation set collversion = '1.1' where collname in ('c', 'fr-x-icu')`)
      const { rows } = await db.client.query(
        `select array_agg(oid::int8::int order by oid) as oids from pg_collation where collversion = '1.1'`,
      )
      const [system, own] = rows[0].oids
      const target = { ...db.target, user: stranger ?? '', password: 'x' }
      const line = async (oids: number[]) => (await prepare(target, 'refresh-collation', { oids })).line('ownership')
      expect(await line([system])).toMatchObject({ status: 'stop', detail: expect.stringMatching(/only a superuser may\.$/) })
      const refused = await prepare(target, 'refresh-collation', { oids: [own] })
      expect(refused.line('privilege')).toMatchObject({ status: 'stop' })
      const { status, detail = '' } = refused.line('ownership') ?? {}
      expect(status).toBe('stop')
      await db.client.query(/(GRANT .*) would allow it\.$/.exec(detail)?.[1] ?? 'select no grant')
      const allowed = await prepare(target, 'refresh-collation', { oids: [own] })
      expect(allowed.preflight.filter((one) => one.status === 'stop')).toEqual([])
      await sendForTest({ ...db, target }, allowed.plan.statements)
      expect((await found(db.target)).map(({ title }) => title)).toEqual([expect.stringContaining('1 collation')])
    } finally {
      await db.client.query(`drop owned by ${keeper}; drop owned by ${stranger}; drop role ${keeper}; drop role ${stranger}`)
      await db.drop()
    }
  })
})

describe.each(MAJORS.filter((major) => major >= 15))("refresh-collation of a database's default on PostgreSQL %i", (major) => {
  it('rebuilds what is built on it, and refreshes the database', async () => {
    const admin = await testDatabase(major)
    const name = `Icu ${admin.target.database}`
    await admin.client.query(`create database "${name}" template template0 locale_provider icu icu_locale 'en'`)
    const db = await testDatabase(major, admin.url, `"${name}"`)
    const { database } = db.target
    try {
      await db.client.query('create table t (id int primary key, a text); create index t_a on t (a)')
      await db.client.query('update pg_database set datcollversion = $1 where datname = $2', ['1.1', database])
      const [finding] = await found(db.target)
      expect(finding?.fix).toMatchObject({ command: 'refresh-collation', input: { oids: [], database: true } })
      const { plan } = await prepare(db.target, 'refresh-collation', finding?.fix?.input)
      expect(plan.statements.filter((sql) => !sql.startsWith('SET '))).toEqual([
        'REINDEX INDEX CONCURRENTLY public.t_a',
        `ALTER DATABASE ${database} REFRESH COLLATION VERSION`,
      ])
      await sendForTest(db, plan.statements)
      expect(await found(db.target)).toEqual([])
    } finally {
      await db.drop()
      await admin.client.query(`drop database "${name}"`)
      await admin.drop()
    }
  })
})
