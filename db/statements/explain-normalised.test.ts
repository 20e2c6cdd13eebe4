import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EVERYDAY_TABLES, everyday, textKept } from '../../test/support/everyday'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import { MAJORS } from '../embedded/binaries'
import { explainStatement } from './explain-statement'

const STATEMENTS = ['everyday', 'applications', 'reports', 'kinds', 'further'].flatMap(everyday)

describe.each(MAJORS)('the text that PostgreSQL %i keeps of a statement', (major) => {
  let db: TestDatabase
  const texts: string[] = []
  const plan = (query: string) => explainStatement(db.target, { query, rolname: 'postgres', analyze: null })

  beforeAll(async () => {
    db = await testDatabase(major)
    await db.client.query('create extension pg_stat_statements')
    await db.client.query(EVERYDAY_TABLES)
  })
  afterAll(() => db.drop())

  it.each(STATEMENTS.filter(({ since }) => since <= major))('has a plan: $sql', async (statement) => {
    const query = await textKept(db.client, statement)
    texts.push(query)
    const explained = await plan(query)
    if (!explained.ok) throw new Error(`${query}: ${explained.problem.message}`)
    expect(explained.value.plan.nodes.length).toBeGreaterThan(0)
  })

  it('has lost its constants nearly always, else this proved nothing', () => {
    expect(texts.filter((text) => text.includes('$1')).length).toBeGreaterThan(texts.length * 0.95)
  })

  it('has no plan where it is no statement any more, and is answered with words', async () => {
    // The sign belongs to the constant, the parenthesis does not: -(5) is kept as $15).
    const query = await textKept(db.client, { sql: 'select -(5)', since: 0 })
    expect(await plan(query)).toMatchObject({
      ok: false,
      problem: { kind: 'invalid_input', message: expect.stringContaining('cannot be read'), hint: expect.stringContaining('its examples') },
    })
    expect(await plan("select 'cut within a str")).toMatchObject({ ok: false, problem: { kind: 'invalid_input' } })
  })
})
