import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { MAJORS } from '../embedded/binaries'
import { builtInRefusal, standingOf } from './built-in-functions'

describe.each(MAJORS)("PostgreSQL's own functions on %i", (major) => {
  let db: TestDatabase
  const names = async (where: string): Promise<string[]> => {
    const { rows } = await db.client.query(`
      select distinct p.proname::text as name from pg_proc p
      where p.oid < 16384 and not 'internal'::regtype = any (p.proargtypes::oid[])
        and p.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype) and ${where}`)
    return rows.map(({ name }) => name)
  }

  beforeAll(async () => {
    db = await testDatabase(major)
  })
  afterAll(() => db.drop())

  it('are read and judged, all that are not IMMUTABLE', async () => {
    const all = await names(`p.provolatile <> 'i'`)
    expect(all.length).toBeGreaterThan(400)
    expect(all.filter((name) => ['unknown', 'both'].includes(standingOf(name)))).toEqual([])
  })

  it('are not refused where the grammar, a type, a cast or an operator stands for them', async () => {
    const silent = await names(`(p.oid in (select castfunc from pg_cast) or p.oid in (select oprcode from pg_operator where oid < 16384)
      or p.oid in (select aggfnoid from pg_aggregate)) and p.provolatile <> 'i'`)
    expect(silent.length).toBeGreaterThan(20)
    expect(silent.filter((name) => builtInRefusal(name, 's') !== null)).toEqual([])
  })

  it('that may be called do not send SQL: nothing that takes a relation, a type or a text with SQL returns XML', async () => {
    // The family is told by its symbol in the server's source, whatever its name.
    const family = await names(
      `p.provolatile <> 'i' and p.prosrc ~ '(_to_xml|_to_xmlschema|_to_xml_and_xmlschema|^ts_stat|^tsquery_rewrite_query|_validator)'`,
    )
    expect(family.length).toBeGreaterThan(15)
    expect(family.filter((name) => builtInRefusal(name, 's') === null)).toEqual([])
  })

  it('that take a value as text and a type apart from it are refused', async () => {
    const readers = await names(
      `p.provolatile <> 'i' and p.proname ~ '(_in|_recv)$' and p.pronargs = 3 and p.proargtypes[1] = 'oid'::regtype and p.provolatile = 's' and p.proname !~ '^(enum|interval|time|date)'`,
    )
    expect(readers).toContain('domain_in')
    expect(readers.filter((name) => builtInRefusal(name, 's') === null && !/^(time|timestamp|interval)/.test(name))).toEqual([])
  })
})

it('refuses what nobody has read yet', () => {
  expect(builtInRefusal('of_postgresql_19', 's')).toMatch(/newer/)
  expect(builtInRefusal('of_postgresql_19', 'v')).toMatch(/newer/)
  expect(builtInRefusal('now', 's')).toBeNull()
  expect(builtInRefusal('table_to_xml', 's')).toMatch(/executes SQL/)
  expect(builtInRefusal('ts_rewrite', 'i')).toBeNull()
})
