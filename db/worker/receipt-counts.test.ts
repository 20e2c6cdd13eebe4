import { describe, expect, it } from 'vitest'
import { benchForTests } from '../../test/support/run-bench'
import { relationStates } from '../commands/facts/state'
import { vacuumTable } from '../commands/vacuum-table/command'
import { runRead } from '../server/run-read'

describe.each([14, 18] as const)('what a receipt counts, on PostgreSQL %i', (major) => {
  const bench = benchForTests(major)
  const sql = (text: string) => bench.db.client.query(text)
  const rebuild = async (table: string, concurrently = true) => {
    const oid = await bench.oidOf(table)
    return bench.over((await bench.confirmed('reindex-table', { oid, concurrently })).id)
  }
  const SKIPPED = "the server cannot rebuild an exclusion constraint's or a temporal key's index concurrently"

  it('says before and after that a rebuild of exclusion constraints alone rebuilds nothing', async () => {
    await sql(`create extension btree_gist; create schema c14;
      create table c14.room (id int, during tstzrange, constraint no_overlap exclude using gist (id with =, during with &&))`)
    await bench.startWorker()
    const run = await rebuild('c14.room')
    expect(run.plan.title).toBe('Rebuild none of 1 index of room')
    expect(run.plan.effect).toContain(`no_overlap is skipped: ${SKIPPED}.`)
    expect(run.preflight.find(({ name }) => name === 'left-out')).toMatchObject({ status: 'warn' })
    expect(run).toMatchObject({
      state: 'succeeded',
      receipt: { done: 'no', checkedAfter: `none of 1 index rebuilt; no_overlap was skipped: ${SKIPPED}` },
    })
    expect(await rebuild('c14.room', false)).toMatchObject({ receipt: { done: 'yes', checkedAfter: 'the index was rebuilt' } })
  })

  it('counts the others of a mixed table, invalid ones among the skipped', async () => {
    await sql(`create table c14.mixed (id int primary key, during tstzrange, note text, exclude using gist (during with &&));
      create index mixed_note on c14.mixed (note); insert into c14.mixed values (1, null, 'x'), (2, null, 'x')`)
    await sql('create unique index concurrently mixed_broken on c14.mixed (note)').catch(() => undefined)
    await bench.startWorker()
    const run = await rebuild('c14.mixed')
    expect(run.plan.title).toBe('Rebuild 2 of 4 indexes of mixed')
    expect(run.preflight.find(({ name }) => name === 'left-out')).toMatchObject({ status: 'pass' })
    expect(run.receipt).toMatchObject({
      done: 'yes',
      checkedAfter: `2 of 4 indexes rebuilt; mixed_broken was skipped: the server leaves an invalid index out of a concurrent rebuild of its table; mixed_during_excl was skipped: ${SKIPPED}`,
    })
    expect((await rebuild('c14.mixed', false)).receipt).toMatchObject({ done: 'no' })
  })

  if (major >= 18)
    it('knows a temporal key for an exclusion constraint', async () => {
      await sql(`create table c14.temporal (id int, valid tstzrange, n int, primary key (id, valid without overlaps));
      create index temporal_n on c14.temporal (n)`)
      await bench.startWorker()
      const run = await rebuild('c14.temporal')
      expect(run.receipt?.checkedAfter).toBe(`1 of 2 indexes rebuilt; temporal_pkey was skipped: ${SKIPPED}`)
    })

  it('names the partition that VACUUM left out, and why', async () => {
    const role = `part_owner_${bench.db.target.database}`
    await sql(`create role ${role} login password 'x'; create table parent (id int) partition by list (id);
      create table mine partition of parent for values in (1); create table theirs partition of parent for values in (2);
      insert into parent values (1), (2); alter table parent owner to ${role}; alter table mine owner to ${role}`)
    const oids = [await bench.oidOf('mine'), await bench.oidOf('theirs')]
    const states = await runRead(bench.db.target, relationStates, { oids })
    if (!states.ok) throw new Error(states.problem.message)
    const files = states.value.map(({ oid, relfilenode }) => ({ oid, relfilenode }))
    const before = {
      at: states.value[0]?.now ?? 0,
      object: { oid: 0, schemaname: '', relname: '', relfilenode: 0, relid: 0 },
      bytes: null,
      dead: null,
      files,
    }
    const own = await bench.db.connect()
    const said: string[] = []
    own.on('notice', ({ severity, message }) => said.push(`${severity}:  ${message}`))
    await own.query(`set role ${role}`)
    await own.query('vacuum parent')
    await expect
      .poll(() => vacuumTable.checked?.(bench.db.target, before, said), { timeout: 5_000 })
      .toMatchObject({
        ok: true,
        value: expect.stringMatching(/^1 of 2 tables vacuumed, says pg_stat_all_tables; theirs was not: .*"theirs"/),
      })
    await sql(`drop table parent; drop role ${role}`)
  })
})
