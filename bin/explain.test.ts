import { spawn } from 'node:child_process'
import path from 'node:path'
import process from 'node:process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../test/support/test-database'

function explain(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(
    process.execPath,
    ['--import', './bin/modules.mjs', path.join(import.meta.dirname, 'proctor.ts'), 'explain', ...args],
    {
      env: { ...process.env, DATABASE_URL: '' },
    },
  )
  const said = { stdout: '', stderr: '' }
  child.stdout.on('data', (text) => (said.stdout += text))
  child.stderr.on('data', (text) => (said.stderr += text))
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, ...said })))
}

describe.each([14, 18] as const)('proctor explain on PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await testDatabase(major)
    for (const sql of [
      'create extension pg_stat_statements',
      'create table t as select g as a, g % 10 as b from generate_series(1, 20000) g',
      'analyze t',
      'select pg_stat_statements_reset(0, (select oid from pg_database where datname = current_database()), 0)',
      'select count(*) from t x join t y on x.b = y.b where x.a < 200',
      'select b % 3, count(*) from t where a > 5 group by b % 3',
      'select * from t where a in (1, 2, 3)',
      'vacuum t',
    ])
      await db.client.query(sql)
  })
  afterAll(() => db.drop())
  const json = async (...args: string[]) => {
    const { code, stdout, stderr } = await explain('--url', db.url, '--json', ...args)
    return { code, stderr, rows: JSON.parse(stdout) }
  }

  it('plans the costliest statements, one object each', async () => {
    const { code, rows } = await json('--top', '3')
    expect(code).toBe(0)
    expect(rows).toHaveLength(3)
    expect(rows[0]).toMatchObject({
      queryid: expect.stringMatching(/^-?\d+$/),
      query: 'select count(*) from t x join t y on x.b = y.b where x.a < $1',
      calls: 1,
      ok: true,
      problem: null,
      plan: [{ Plan: { 'Node Type': 'Aggregate' } }],
    })
    expect(rows.map(({ total_exec_time }: { total_exec_time: number }) => total_exec_time)).toEqual(
      rows.map(({ total_exec_time }: { total_exec_time: number }) => total_exec_time).sort((a: number, b: number) => b - a),
    )
  })

  it('names the commands that it left out, and says what a list was planned with', async () => {
    const { stderr, rows } = await json('--top', '50')
    expect(stderr).toMatch(/^Left out, as commands have no plan: .*VACUUM/)
    expect(rows.every(({ query }: { query: string }) => !/^vacuum/i.test(query))).toBe(true)
    const list = rows.find(({ query }: { query: string }) => query.includes('where a in'))
    expect(list.lists).toEqual(major >= 18 ? [{ parameter: 1, values: null }] : [])
  })

  it('prints the plans as PostgreSQL does', async () => {
    const { code, stdout } = await explain('--url', db.url, '--top', '1')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^-?\d+: \d+ ms in 1 call\nselect count.*\n {2}Aggregate {2}\(cost=/)
  })

  it('ends with status 1 and the reason where one has no plan', async () => {
    await db.client.query('select -(5), pg_sleep(1.5)')
    const { code, rows } = await json('--top', '1')
    expect(code).toBe(1)
    expect(rows).toMatchObject([{ ok: false, problem: expect.stringContaining('cannot be read as a statement'), plan: null }])
    const { stdout } = await explain('--url', db.url, '--top', '1')
    expect(stdout).toContain('\n  Not planned: ')
  })

  it('ends with status 2 where it cannot look', async () => {
    for (const top of ['0', 'x', '1.5', '1001'])
      expect(await explain('--url', db.url, '--top', top)).toEqual({
        code: 2,
        stdout: '',
        stderr: `--top wants a number from 1 to 1000, not "${top}"\n`,
      })
    expect(await explain('--url', db.url)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--top') })
    await db.client.query('drop extension pg_stat_statements')
    expect(await explain('--url', db.url, '--top', '1')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('pg_stat_statements'),
    })
  })
})
