import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { databaseOnOwnServer } from '../../test/support/own-server'
import { type TestDatabase, testDatabase } from '../../test/support/test-database'
import type { Past, PastStatement } from '../checks/define-check'
import { MAJORS } from '../embedded/binaries'
import { forgetFacts } from '../server/facts'
import { forgetReads, runRead } from '../server/run-read'
import { statementSlower } from './checks/statement-slower'
import { statementSpills } from './checks/statement-spills'
import { statementsUnseen } from './checks/statements-unseen'
import { statements } from './reads/statements'

/** What really happened on the server between two looks at it, as the samples would hold it. */
async function look(db: TestDatabase): Promise<Map<string, PastStatement>> {
  forgetReads()
  const read = await runRead(db.target, statements, { showtext: true, dbid: null })
  if (!read.ok) throw new Error(read.problem.message)
  const own = read.value.filter((row) => row.datname === db.target.database && row.queryid !== null && !row.own)
  return new Map(
    own.map((row) => [
      `${row.queryid} ${row.userid}`,
      {
        ...{ queryid: row.queryid ?? '', userid: row.userid, dbid: row.dbid, toplevel: row.toplevel },
        ...{ rolname: row.rolname, query: row.query },
        ...{
          calls: Number(row.calls),
          total: row.total_exec_time,
          squares: row.exec_time_squares,
          tempWritten: Number(row.temp_blks_written),
        },
      },
    ]),
  )
}

const NOTHING = { calls: 0, total: 0, squares: 0, tempWritten: 0 }
const between = (first: Map<string, PastStatement>, last: Map<string, PastStatement>): PastStatement[] =>
  [...last].map(([key, now]) => {
    const then = first.get(key) ?? NOTHING
    return {
      ...now,
      calls: now.calls - then.calls,
      total: now.total - then.total,
      squares: now.squares - then.squares,
      tempWritten: now.tempWritten - then.tempWritten,
    }
  })

describe.each(MAJORS)('checks on statements of PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await testDatabase(major)
    await db.client.query('create extension pg_stat_statements')
    await db.client.query('create table waits (n float8); insert into waits values (0)')
    await db.client.query('create table wide as select g as id, repeat($$x$$, 200) as note from generate_series(1, 20000) g')
  })
  afterAll(() => db.drop())

  it('finds the statement that got slower, and nothing once it is fast again', async () => {
    const call = async () => {
      for (let n = 0; n < 10; n++) await db.client.query('select pg_sleep(n) from waits')
    }
    const found = async (earlier: PastStatement[], recent: PastStatement[]) => {
      const past: Past = { statements: async (_, from) => (from.getTime() > Date.now() - 2 * 3_600_000 ? recent : earlier) }
      const result = await statementSlower.look(db.target, past)
      if (!result.ok) throw new Error(result.problem.message)
      return result.value
    }
    const start = await look(db)
    await call()
    const fast = await look(db)
    expect(await found(between(start, fast), between(start, fast))).toEqual([])
    await db.client.query('update waits set n = 0.2')
    await expect
      .poll(async () => {
        await call() // as often as it takes to be sure of it
        return found(between(start, fast), between(fast, await look(db)))
      })
      .toEqual([expect.objectContaining({ kind: 'statement', title: expect.stringContaining('SELECT waits'), severity: 'warn' })])
    const slow = await look(db)
    await db.client.query('update waits set n = 0')
    await call()
    expect(await found(between(fast, slow), between(slow, await look(db)))).toEqual([])
    expect(await statementSlower.look(db.target)).toEqual({ ok: true, value: [] })
  })

  it('finds the statement that spills, and nothing once its memory is enough', async () => {
    const sort = () => db.client.query('select note from wide order by note, id offset 19999')
    const spills = async (seen?: PastStatement[]) => {
      forgetReads()
      const result = await statementSpills.look(db.target, seen && { statements: async () => seen })
      if (!result.ok) throw new Error(result.problem.message)
      return result.value
    }
    expect(await spills()).toEqual([])
    await db.client.query(`set work_mem = '64kB'; set max_parallel_workers_per_gather = 0`)
    await sort()
    expect(await spills()).toEqual([
      expect.objectContaining({ kind: 'statement', title: expect.stringContaining('SELECT wide'), severity: 'warn' }),
    ])
    const before = await look(db)
    await db.client.query(`set work_mem = '64MB'`)
    await sort()
    expect(await spills(between(before, await look(db)))).toEqual([])
  })
})

describe.each([14, 18] as const)('statements-unseen on PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await databaseOnOwnServer(major, { 'pg_stat_statements.max': '100' })
  })
  afterAll(() => db.drop())
  const unseen = async () => {
    forgetReads()
    forgetFacts()
    const result = await statementsUnseen.look(db.target)
    if (!result.ok) throw new Error(result.problem.message)
    return result.value
  }

  it('asks for the extension, and is content once it is created', async () => {
    const [finding, ...more] = await unseen()
    expect(more).toEqual([])
    expect(finding).toMatchObject({ kind: 'server', severity: 'warn', sql: 'CREATE EXTENSION pg_stat_statements;' })
    await db.client.query(finding?.sql ?? '')
    expect(await unseen()).toEqual([])
  })

  it('sees that more statements come than there is room for, until they are counted anew', async () => {
    for (let n = 1; n <= 150; n++) await db.client.query(`create temp table t${n} (a int)`)
    expect(await unseen()).toMatchObject([{ severity: 'info', sql: expect.stringContaining('pg_stat_statements.max = 200') }])
    await db.client.query('select pg_stat_statements_reset()')
    expect(await unseen()).toEqual([])
  })
})
