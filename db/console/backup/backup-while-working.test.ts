import { readdir } from 'node:fs/promises'
import { eq, sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { backupsForTests, wholeConsole } from '../../../test/support/console-backups'
import { testDatabase } from '../../../test/support/test-database'
import { keepPartitions, PARTITIONS_IN_USE } from '../../history/partitions'
import { readRetention } from '../../history/retention'
import { connectConsole } from '../client'
import { run } from '../schema'

const backups = backupsForTests()
const { backUp, restore } = backups

describe('a backup while people work', () => {
  it('holds one moment: what one transaction wrote is in it whole or not at all', async () => {
    const [source, target] = [await wholeConsole(18), await testDatabase(18)]
    const home = connectConsole(source.url)
    let working = true
    let written = 0
    const work = (async () => {
      for (; working; written++) {
        await home.transaction(async (tx) => {
          await tx.execute(sql`update run set taken = taken + 1 where id = 1`)
          await tx.execute(sql`insert into run_log (run_id, level, message) values (1, 'info', 'more')`)
        })
      }
    })()
    await expect.poll(() => written).toBeGreaterThan(20)
    const { tables } = await backUp(source.url, 'moving')
    working = false
    await work
    await restore(target.url, 'moving')
    const there = connectConsole(target.url)
    const [one] = await there.select({ taken: run.taken }).from(run).where(eq(run.id, 1n))
    const { rows } = await there.execute(sql`select count(*)::int as n from run_log where message = 'more'`)
    expect(rows[0]?.n).toBeGreaterThan(20)
    expect(rows[0]?.n).toBe((one?.taken ?? 0) - 1)
    expect(tables.find(({ name }) => name === 'run_log')?.rows).toBe(Number(rows[0]?.n) + 3)
    await Promise.all([home.$client.end(), there.$client.end()])
    await Promise.all([source.drop(), target.drop()])
  })

  it('lets no partition go under it, and holds nobody up', async () => {
    const source = await wholeConsole(18)
    const [reader, keeper] = [await source.connect(), await source.connect()]
    const years = new Date('2030-01-01T00:00:00Z')
    const keep = async () => {
      await keeper.query('begin')
      const dropped = await keepPartitions((text, values) => keeper.query(text, values), years, readRetention({}))
      await keeper.query('commit')
      return dropped.length
    }
    await reader.query('select pg_advisory_lock_shared($1)', [PARTITIONS_IN_USE])
    await reader.query(`begin; lock table database_delta_10_p${Date.UTC(2026, 10, 22) / 1000} in access share mode`)
    await keeper.query(`set statement_timeout = '5s'`)
    expect(await keep()).toBe(0)
    await expect(keeper.query(`select 'database_delta_10_p${years.getTime() / 1000}'::regclass`)).resolves.toBeTruthy()
    await reader.query('commit')
    await reader.query('select pg_advisory_unlock_shared($1)', [PARTITIONS_IN_USE])
    expect(await keep()).toBeGreaterThan(50)
    await source.drop()
  })

  it('has its own time limit, and waits for no exclusive lock for ever', async () => {
    const source = await wholeConsole(18)
    const other = await source.connect()
    await other.query('begin; lock table run in access exclusive mode')
    await expect(backUp(source.url, 'late', { minutes: 1 / 60 })).rejects.toThrow()
    await other.query('rollback')
    expect((await readdir(backups.folder)).filter((name) => name.startsWith('late'))).toEqual([])
    await source.drop()
  })
})
