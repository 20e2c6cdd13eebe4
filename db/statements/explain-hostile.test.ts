import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { HOSTILE_OBJECTS } from '../../test/support/hostile-objects'
import { GROUND, HOSTILE_CALLS } from '../../test/support/hostile-statements'
import { HARMLESS, NEVER_RUN, SHADOWED } from '../../test/support/shadowing-statements'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { MAJORS } from '../embedded/binaries'
import { forgetReads } from '../server/run-read'
import { explainStatement } from './explain-statement'

const CANARY = 'proctor_canary'

describe.each(MAJORS)('a superuser explains what a hostile owner prepared, on PostgreSQL %i', (major) => {
  let db: TestDatabase
  let hostile: string
  const fired = async () =>
    (await db.client.query(`select (pg_stat_file('${CANARY}', true)).size is not null as fired`)).rows[0].fired as boolean
  const clear = () => db.client.query(`copy (select 1) to program 'cat > /dev/null; rm -f ${CANARY}'`)
  const by = async (role: string | null, sql: string[]) => {
    await db.client.query(role === null ? 'reset role' : `set role ${role}`)
    for (const one of sql) {
      if (one.startsWith('super:')) await db.client.query(`reset role; ${one.slice('super:'.length)}; set role ${role}`)
      else await db.client.query(one)
    }
    await db.client.query('reset role')
  }
  const explained = (query: string, rolname: string, confirmed?: string[]) => {
    forgetReads()
    return explainStatement(db.target, { query, rolname, analyze: confirmed ? { values: [], timeoutMs: 5_000, confirmed } : null })
  }
  /** What PostgreSQL does when a superuser plans it with the same search_path. */
  const firesPlain = async (query: string, path: string) => {
    await db.client.query(`begin; set local search_path = ${path}`)
    await db.client.query(`explain ${query}`).catch(() => undefined)
    await db.client.query('rollback')
    const answer = await fired()
    await clear()
    return answer
  }

  beforeAll(async () => {
    db = await testDatabase(major)
    hostile = `hostile_${db.target.database}`
    await by(null, [
      `create role ${hostile}; create role ${hostile}_shade`,
      `alter role ${hostile}_shade set search_path = shadow, pg_catalog`,
      `alter database ${db.target.database} owner to ${hostile}`,
      `alter schema public owner to ${hostile}`,
    ])
    const trusted = ['hstore', 'pg_trgm', 'citext', 'intarray', 'tablefunc', 'unaccent', 'btree_gist', '"uuid-ossp"']
    await by(
      hostile,
      trusted.map((name) => `create extension ${name} schema public`),
    )
    await by(
      null,
      ['dblink', 'xml2', 'cube', 'earthdistance'].map((name) => `create extension ${name} schema public`),
    )
    await by(null, [`grant create on database ${db.target.database} to ${hostile}`])
    await by(hostile, GROUND)
    await clear()
  })
  afterEach(clear)
  afterAll(async () => {
    await db.client.query('reset role')
    await db.client.query(`alter database ${db.target.database} owner to postgres`)
    await db.drop()
  })

  const possible = [...HOSTILE_CALLS, ...HOSTILE_OBJECTS].filter(({ since = 14 }) => major >= since)
  it.each(possible.map((one) => [one.name, one] as const))('%s', async (_, { makes = [], query, fires, undo, as }) => {
    await by(hostile, makes)
    try {
      const path = as === undefined ? '"$user", public' : 'shadow, pg_catalog'
      expect(await firesPlain(query, path)).toBe(typeof fires === 'number' ? major >= fires : fires)
      expect(await explained(query, as === undefined ? hostile : `${hostile}_${as}`)).toMatchObject({
        ok: false,
        problem: { kind: 'invalid_input', message: expect.stringMatching(/^Not explained\. /) },
      })
      expect(await fired()).toBe(false)
    } finally {
      if (undo) await by(null, [undo])
    }
  })

  it.each(SHADOWED)('an operator %s of his: %s', async (operator, query, fires = true) => {
    const returns = operator === '+' ? 'int' : 'boolean'
    const body = `begin perform public.shot(); return ${operator === '+' ? '$1' : 'true'}; end`
    await by(hostile, [
      `create function shadow.of_mine(int, int) returns ${returns} immutable language plpgsql as '${body}'`,
      `create operator shadow.${operator} (leftarg = int, rightarg = int, function = shadow.of_mine${operator === '+' ? '' : ', restrict = eqsel, join = eqjoinsel'})`,
    ])
    try {
      expect(await firesPlain(query, 'shadow, pg_catalog')).toBe(fires)
      expect(await explained(query, `${hostile}_shade`)).toMatchObject({
        ok: false,
        problem: { message: expect.stringContaining(`belongs to ${hostile}`) },
      })
      expect(await fired()).toBe(false)
    } finally {
      await by(hostile, ['drop function shadow.of_mine cascade'])
    }
  })

  it.each(NEVER_RUN)('plans %s, and runs it for nobody', async (_, query) => {
    const plan = await explained(query, hostile)
    if (!plan.ok) throw new Error(plan.problem.message)
    expect(plan.value.changes.length).toBeGreaterThan(0)
    expect(await explained(query, hostile, plan.value.volatile)).toMatchObject({
      ok: false,
      problem: { kind: 'invalid_input', message: expect.stringMatching(/^Not run, whoever confirms it\. /) },
    })
    expect(await fired()).toBe(false)
  })

  it.each(HARMLESS)('still plans %s', async (query) => {
    expect(await explained(query, hostile)).toMatchObject({ ok: true })
    expect(await fired()).toBe(false)
  })
})
