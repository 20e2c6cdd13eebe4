import type { Client } from 'pg'
import { expect, test } from 'vitest'
import { makeHostile } from './hostile-database'
import { databaseOnOwnServer } from './own-server'
import { usedNames } from './used-names'

/** Unpinned SQL, and what of it runs when only `public`, after pg_catalog, is hostile; elsewhere a schema stands before it. */
const OUTDONE = [
  { sql: 'select pg_relation_size(c.oid) from pg_class c limit 1', ran: 'public: pg_relation_size (oid)' },
  { sql: `select format('%I.%I', nspname, nspname) from pg_namespace limit 1`, ran: 'public: format (text, name, name)' },
  { sql: `select '{1}'::smallint[] <@ '{1}'::smallint[]`, ran: 'public: <@ (smallint[], smallint[])' },
]
const BEFORE = [
  { sql: `select 'a'::text = 'b'::text`, ran: 'evil: type text' },
  { sql: 'select now()', ran: 'evil: now ()' },
  { sql: 'select count(*) from pg_catalog.pg_class', ran: 'evil: count ()' },
  { sql: 'select string_agg(relname, relname) from pg_catalog.pg_class', ran: 'evil: string_agg (name, name)' },
  { sql: 'select 1 where 1 in (1, 2)', ran: 'evil: = (integer, integer)' },
  { sql: 'select case 1 when 2 then 3 end', ran: 'evil: = (integer, integer)' },
  { sql: 'select 1 between 0 and 2', ran: 'evil: >= (integer, integer)' },
  { sql: `select relname from pg_catalog.pg_class where relname like 'a%'`, ran: 'evil: ~~ (name, name)' },
  { sql: 'select pid from pg_stat_activity', ran: 'evil: relation pg_stat_activity' },
  { sql: 'select x from unnest(array[1]) x', ran: 'evil: unnest (integer[])' },
]
const READER = 'reader'

for (const major of [14, 18] as const) {
  test(`what is planted runs as whoever looks, on ${major}`, async () => {
    const db = await databaseOnOwnServer(major)
    try {
      await db.client.query(`create role ${READER} login password 'reader'`)
      const texts = [...OUTDONE, ...BEFORE].map(({ sql }) => sql)
      const planted = await makeHostile(db.client, db.target.database, 'owner', texts)
      expect(planted.functions).toBeGreaterThan(400)
      expect(planted.operators).toBeGreaterThan(500)
      expect(planted).toMatchObject({ domains: 2, views: 6 })
      for (const role of [db.target.user, READER]) {
        const victim = await db.connect(role === READER ? { user: READER, password: 'reader' } : undefined)
        await look(victim, 'public', OUTDONE)
        await look(victim, '', BEFORE)
        const tripped = await planted.trippedBy()
        for (const { ran } of [...OUTDONE, ...BEFORE]) expect(tripped.join('\n')).toContain(`${role} ran ${ran} as`)
        await look(victim, 'pg_catalog, pg_temp', [...OUTDONE, ...BEFORE])
        expect(await planted.trippedBy()).toEqual(tripped)
      }
    } finally {
      await db.drop()
    }
  })
}

/** Read-only, and rolled back: neither is any help. Without a path it is the database's. */
async function look(victim: Client, path: string, cases: { sql: string }[]): Promise<void> {
  for (const { sql } of cases) {
    await victim.query(`begin read only; ${path && `set local search_path = ${path}`}`)
    await victim.query(sql).catch(() => undefined) // what a canary answers may suit nobody
    await victim.query('rollback')
  }
}

test('names are taken where the path decides, and only there', async () => {
  const used = await usedNames([
    `select a::text, pg_catalog.now(), b operator(pg_catalog.+) 1, left(c, 1) from pg_class join pg_catalog.pg_index i using (oid) where d is distinct from 1 and e between 1 and 2`,
    'create function f() returns int language plpgsql as $$ begin return abs(1) % 2; end $$',
  ])
  expect([...used.functions].toSorted()).toEqual(['abs', 'left'])
  expect([...used.operators].toSorted()).toEqual(['%', '<=', '=', '>='])
  expect([...used.types]).toEqual(['text'])
  expect([...used.relations]).toEqual(['pg_class'])
})
