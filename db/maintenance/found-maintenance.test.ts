import { describe, expect, it } from 'vitest'
import { testDatabase } from '../../test/support/test-database'
import { indexBloated } from '../indexes/checks/index-bloated'
import { indexHealth } from '../indexes/index-health'
import type { Result } from '../server/problem'
import { forgetReads } from '../server/run-read'
import { deadRows } from '../tables/checks/dead-rows'
import { readTableFindings } from '../tables/table-health'
import { nextMaintenance, nextOfFindings } from './next-maintenance'

const past = {
  rebuild: { runs: 2, secondsPerByte: { from: 1e-7, to: 3e-7 }, walPerByte: 1.1 },
  vacuum: { runs: 1, secondsPerByte: { from: 1e-8, to: 1e-8 }, walPerByte: null },
}

function told<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.problem.message)
  return result.value
}

/** A bloated index of a plain and of a partitioned table, and a table with dead rows. */
const OFFENDERS = [
  'create table t (id int, note text) with (autovacuum_enabled = off)',
  'create index t_id on t (id)',
  'create table p (id int) partition by hash (id)',
  'create table p_0 partition of p for values with (modulus 2, remainder 0) with (autovacuum_enabled = off)',
  'create table p_1 partition of p for values with (modulus 2, remainder 1) with (autovacuum_enabled = off)',
  'create index p_id on p (id)',
  'insert into t select n, null from generate_series(1, 200000) n',
  'insert into p select generate_series(1, 300000)',
  'delete from t where id % 10 > 0',
  'delete from p where id % 10 > 0',
  'create table dead (id int) with (autovacuum_enabled = off)',
  'insert into dead select generate_series(1, 60000)',
  'analyze dead',
  'delete from dead where id % 2 = 0',
]

describe.each([14, 18] as const)('maintenance from what the checks found, on PostgreSQL %i', (major) => {
  it('is what the catalogs give, in its order and with its numbers', async () => {
    const db = await testDatabase(major)
    try {
      for (const statement of OFFENDERS) await db.client.query(statement)
      const counted = `select sum(pg_stat_get_dead_tuples(oid))::int as dead from pg_class where relname in ('t', 'p_0', 'p_1', 'dead')`
      // 14 counts late; ANALYZE sets what it found, so it comes after the counters of the deletes.
      await expect.poll(async () => (await db.client.query(counted)).rows[0].dead, { timeout: 20_000 }).toBe(480_000)
      await db.client.query('vacuum analyze t, p')
      const look = async () => {
        forgetReads()
        const [health, tables] = [told(await indexHealth(db.target, [])), told(await readTableFindings(db.target))]
        const read = nextMaintenance({ indexes: health.findings, tables, past })
        const outcomes = [await indexBloated.look(db.target), await deadRows.look(db.target)]
        return { read, found: nextOfFindings(outcomes.flatMap(told), past) }
      }
      await expect
        .poll(async () => (await look()).read.steps.map(({ relname }) => relname).sort(), { timeout: 20_000 })
        .toEqual(['dead', 'p_id', 't_id'])
      const { read, found } = await look()
      expect(found).toEqual({ steps: read.steps, by: read.by })
    } finally {
      await db.drop()
    }
  })
})

it('takes nothing from findings without a command', () => {
  const finding = { kind: 'relation', what: 'table', schemaname: 'public', relname: 't', oid: 1, title: '', evidence: '' } as const
  const held = { ...finding, trust: { kind: 'exact' }, severity: 'warn', fix: null, sql: null } as const
  expect(nextOfFindings([held], past).steps).toEqual([])
})
