import { describe, expect, it } from 'vitest'
import { CHECKS } from '../db/checks/registry'
import { runChecks } from '../db/checks/run-checks'
import { MAJORS } from '../db/embedded/binaries'
import { migrateLms } from '../db/lms/migrate'
import { makeSample } from '../db/lms/sample'
import { forgetReads } from '../db/server/run-read'
import { AS_IT_COMES, knownOf } from './support/known-findings'
import { databaseOnOwnServer } from './support/own-server'

/** What the sample has on purpose, for a newcomer to find: superfluous, bloated and invalid indexes, a missing one, and dead rows. */
const OF_THE_SAMPLE = [
  'index-invalid',
  'index-redundant',
  'index-bloated',
  'index-unused',
  'foreign-key-without-index',
  'dead-rows',
  'table-bloated',
]

describe.each(MAJORS)('a healthy server of PostgreSQL %i', (major) => {
  const known = knownOf(major)

  it('gives no finding, neither empty nor with the sample, and a role with pg_monitor can look', async () => {
    const db = await databaseOnOwnServer(major, AS_IT_COMES)
    try {
      await db.client.query(`create role watcher login password 'x' in role pg_monitor`)
      const found = async (target = db.target) => {
        forgetReads()
        const outcomes = await runChecks(target)
        expect(outcomes.map(({ name }) => name)).toEqual(CHECKS.map(({ name }) => name))
        expect(outcomes.filter(({ problem }) => problem !== null)).toEqual([])
        return outcomes.flatMap(({ name, findings }) => findings.map(({ title }) => ({ name, title })))
      }
      await db.client.query('create extension pg_stat_statements')
      expect((await found()).filter(({ name }) => !known.includes(name))).toEqual([])
      expect((await found(db.as('watcher', 'x'))).filter(({ name }) => !known.includes(name))).toEqual([])
      await migrateLms(db.url)
      await makeSample(db.url, { scale: 0.2 })
      await db.client.query('vacuum analyze')
      expect((await found()).filter(({ name }) => ![...known, ...OF_THE_SAMPLE].includes(name))).toEqual([])
    } finally {
      await db.drop()
    }
  })
})
