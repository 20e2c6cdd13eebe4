import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { databases } from '../db/databases/reads/databases'
import { forgetFacts } from '../db/server/facts'
import { closePools } from '../db/server/pool'
import { forgetReads, runRead } from '../db/server/run-read'
import type { Target } from '../db/server/target'
import { readActivity } from '../db/sessions/activity'
import { activitySample } from '../db/sessions/reads/activity-sample'
import { sessionDetail, sessions } from '../db/sessions/reads/sessions'
import { readStatements, readStatementTexts } from '../db/statements/read-statements'
import { statements } from '../db/statements/reads/statements'
import { makeStrangers } from './support/encodings'
import { databaseOnOwnServer } from './support/own-server'
import { callsOf, type SamplingBench, samplingBench } from './support/sampling'
import type { TestDatabase } from './support/test-database'

const latin = (text: string) => Buffer.from(text, 'latin1')

describe.each([14, 18] as const)('texts of any encoding on PostgreSQL %i', (major) => {
  let db: TestDatabase
  let strangers: Awaited<ReturnType<typeof makeStrangers>>
  let everywhere: Target[]
  let bench: SamplingBench

  beforeAll(async () => {
    db = await databaseOnOwnServer(major)
    strangers = await makeStrangers(db)
    everywhere = [db.target, ...['sa', 'l1', 'w52'].map(strangers.target)]
    await db.client.query('create extension pg_stat_statements; create table orders ()')
    await (await strangers.to('l1')).query('create extension pg_stat_statements')
    bench = await samplingBench(db)
  })
  afterAll(async () => {
    await strangers.end()
    await closePools()
    await bench.drop()
    await db.drop()
  })
  const anew = () => {
    forgetReads()
    forgetFacts()
  }

  it('are shown of sessions, each as its database has it, and one that is none is withheld alone', async () => {
    await strangers.send('sa', latin(`select pg_sleep(60) as "caf\xe9 sa" -- ${'\xe9'.repeat(400)}`))
    await strangers.send('sa', Buffer.from(`select pg_sleep(60), 'x${'é'.repeat(300)}'`))
    await strangers.send('l1', latin(`select pg_sleep(60), 'caf\xe9 l1'`))
    await strangers.send('w52', latin(`select pg_sleep(60), 'caf\xe9 \x80 w52 it''s \\ E'`))
    for (const target of everywhere) {
      anew()
      const rows = await runRead(target, sessions, {})
      if (!rows.ok) throw new Error(`${target.database}: ${rows.problem.message}`)
      const asleep = rows.value.filter(({ query }) => /pg_sleep|withheld/.test(query ?? ''))
      const texts = asleep.map(({ query }) => query ?? '').sort()
      expect(texts, target.database).toEqual([
        expect.stringMatching(/^-- withheld: .*UTF-8/),
        `select pg_sleep(60), 'caf\u00e9 l1'`,
        `select pg_sleep(60), 'caf\u00e9 \u20ac w52 it''s \\ E'`,
        `select pg_sleep(60), 'x${'é'.repeat(300)}'`.slice(0, 300),
      ])
      expect((await readActivity(target)).ok).toBe(true)
      for (const { pid } of asleep) expect(await runRead(target, sessionDetail, { pid })).toMatchObject({ ok: true })
      const sample = await runRead(target, activitySample, {})
      expect(sample).toMatchObject({ ok: true, value: [{ active: 4 }] })
    }
    await db.client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep(60)%' and pid <> pg_backend_pid()`,
    )
  })

  it('leave the numbers of all statements, and one that does not fit takes no other text with it where a database takes all', async () => {
    const sampler = await bench.open()
    await db.client.query('select count(*) from orders')
    await strangers.send('sa', latin(`select 1 as "caf\xe9 sa"`))
    for (const target of [db.target, strangers.target('l1')]) {
      anew()
      const { value: blind } = (await readStatements(target, null)) as {
        value: { rows: { query: string | null }[]; withheld: object | null }
      }
      if (target === db.target) {
        expect(blind.withheld).toMatchObject({ fix: expect.stringMatching(/database sa.*\nCREATE EXTENSION pg_stat_statements;/) })
        expect(await readStatementTexts(target, ['1'])).toMatchObject({ ok: false, problem: { sqlstate: '22021' } })
        for (let turns = 0; turns < 2; turns++) expect(await bench.turn(sampler)).toBe(true)
        expect((await bench.rows('select from statement')).length).toBeGreaterThan(5)
        expect(await callsOf(bench, 'from orders')).toBe(0) // no text yet to find it by
      }
      expect(blind.rows.length).toBeGreaterThan(5)
    }
    await (await strangers.to('sa')).query('create extension pg_stat_statements')
    await strangers.send('w52', latin(`select 1 as "na\xefve \x80 w52"`))
    for (const target of everywhere.slice(0, 3)) {
      anew()
      const read = await readStatements(target, null)
      if (!read.ok) throw new Error(read.problem.message)
      expect(read.value.withheld).toBeNull()
      const texts = read.value.rows.map(({ query }) => query)
      expect(
        texts.filter((text) => text?.startsWith('-- withheld')),
        target.database,
      ).toHaveLength(1)
      expect(texts).toContain('select count(*) from orders')
      expect(texts).toContain('select $1 as "na\u00efve \u20ac w52"')
      expect(read.value.rows.filter(({ query }) => query === null)).toEqual([])
    }
    await bench.turn(sampler, 11 * 60_000)
    await bench.turn(sampler)
    expect(JSON.stringify(await bench.rows('select query from statement_text'))).toContain('select count(*) from orders')
  })

  it('are names too: of roles and databases that another database made', async () => {
    const made = await strangers.to('sa')
    await made.query(`set client_encoding = 'SQL_ASCII'`)
    await strangers.send('sa', latin('create role "caf\xe9"'))
    await strangers.send('sa', latin('create database "d\xe9"'))
    await strangers.send('sa', latin('set role "caf\xe9"; select 1'))
    await expect
      .poll(
        async () =>
          (await db.client.query(`select from pg_database where datname not in ('postgres', 'sa', 'l1', 'w52') and not datistemplate`)).rows
            .length,
      )
      .toBeGreaterThan(1)
    for (const target of everywhere) {
      anew()
      for (const [read, params] of [
        [databases, {}],
        [sessions, {}],
        [statements, { showtext: false, dbid: null }],
      ] as const) {
        const rows = await runRead(target, read, params as never)
        if (rows.ok || rows.problem.kind !== 'missing_extension')
          expect(rows, `${target.database} ${read.name}`).toMatchObject({ ok: true })
      }
    }
  })
})
