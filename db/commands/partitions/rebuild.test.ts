import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commandTest, planForTest } from '../../../test/support/test-command'
import { type TestDatabase, testDatabase } from '../../../test/support/test-database'
import { listed } from '../registry'
import { reindexIndex } from '../reindex-index/command'

describe.each([14, 18] as const)('a rebuild of a partitioned index on PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await testDatabase(major)
  })
  afterAll(() => db.drop())
  const { planned, refused, oidOf } = commandTest(() => db, reindexIndex)

  it('has nothing to do without partitions', async () => {
    await db.client.query('create table bare (a int) partition by range (a); create index bare_a on bare (a)')
    expect((await refused({ oid: await oidOf('bare_a') })).message).toContain('has no partition')
  })

  it('needs room for the largest copy alone', async () => {
    await db.client.query(`create table sized (a int) partition by range (a); create table sized_1 partition of sized for values from (0) to (10000);
      create table sized_2 partition of sized for values from (10000) to (20000); create index sized_a on sized (a);
      insert into sized select g from generate_series(1, 12000) g`)
    const size = async (name: string) => Number((await db.client.query('select pg_relation_size($1::regclass) as n', [name])).rows[0].n)
    const { plan } = await planned({ oid: await oidOf('sized_a') })
    expect(plan.copyBytes).toBe(await size('sized_1_a_idx'))
    expect(plan.prediction?.bytesBefore).toBe((await size('sized_1_a_idx')) + (await size('sized_2_a_idx')))
  })

  it('is stopped where a partition belongs to somebody else', async () => {
    const role = `owns_${db.target.database}`
    await db.client.query(`create role ${role} login password 'x'; create table owned (a int) partition by range (a);
      create table owned_1 partition of owned for values from (0) to (10); create table owned_2 partition of owned for values from (10) to (20);
      create index owned_a on owned (a); alter table owned owner to ${role}; alter table owned_1 owner to ${role}`)
    const found = await planForTest(db.as(role, 'x'), listed(reindexIndex), { oid: await oidOf('owned_a') })
    if (!found.ok) throw new Error(found.problem.message)
    expect(found.value.line('partition-privilege')).toMatchObject({ status: 'stop', title: 'No right to rebuild owned_2' })
    await db.client.query(`alter table owned_2 owner to ${role}`)
    const again = await planForTest(db.as(role, 'x'), listed(reindexIndex), { oid: await oidOf('owned_a') })
    expect(again.ok && again.value.line('partition-privilege')).toBeUndefined()
    await db.client.query(`drop owned by ${role}; drop role ${role}`)
  })
})
