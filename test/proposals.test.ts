import { describe, expect, it } from 'vitest'
import { MAJORS } from '../db/embedded/binaries'
import { EVERY_KIND_OF_INDEX } from './support/every-kind-of-index'
import { proposalsIn } from './support/proposals'
import { testDatabase } from './support/test-database'
import { refusedProposals } from './support/try-proposals'

/** All who make SQL for a person, as far as these objects give them something to say. */
const EXPECTED = [
  'check index-invalid',
  'check index-redundant',
  'check index-bloated',
  'check foreign-key-without-index',
  'check table-uncounted',
  'index list: estimate',
  'script rebuild',
  'script undo',
  'script drop',
  'menu: drop-index',
  'menu: reindex-index',
  'menu: reindex-table',
  'menu: vacuum-table',
  'menu: analyze-table',
  'menu: refresh-materialized-view',
  'undo: drop-index',
  'privileges: sessions-of-others',
]

describe.each(MAJORS)('what Proctor proposes on PostgreSQL %i', (major) => {
  it('is accepted by the server, for every kind of index and table', async () => {
    const db = await testDatabase(major)
    try {
      for (const { since = 14, sql } of EVERY_KIND_OF_INDEX) if (major >= since) await db.client.query(sql)
      // Until 14 counters arrive a moment after the statement.
      const counted = `select n_live_tup::int as n from pg_stat_user_tables where relname = 'uncounted_1'`
      await expect.poll(async () => (await db.client.query(counted)).rows[0].n).toBe(3000)
      const role = `Shy "${db.target.database}`
      await db.client.query(`create role "${role.replaceAll('"', '""')}" login password 'x'`)
      const proposals = await proposalsIn(db.target)
      const shy = await proposalsIn(db.as(role, 'x'))
      // Both have something to say, or the test says nothing.
      const said = [...proposals.proposals, ...shy.proposals].map(({ from }) => from)
      for (const from of EXPECTED) expect(said.filter((one) => one.includes(from)).length, from).toBeGreaterThan(0)
      expect(shy.proposals.filter(({ sql }) => sql.includes('GRANT')).length).toBeGreaterThan(5)
      const both = {
        proposals: [...proposals.proposals, ...shy.proposals.filter(({ sql }) => sql.includes('GRANT'))],
        refused: proposals.refused,
      }
      expect(await refusedProposals(db, both)).toEqual([])
      await db.client.query(`drop owned by "${role.replaceAll('"', '""')}"; drop role "${role.replaceAll('"', '""')}"`)
    } finally {
      await db.drop()
    }
  })
})
