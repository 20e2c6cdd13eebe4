import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { backupsForTests, wholeConsole } from '../../../test/support/console-backups'
import { rowsOf } from '../../../test/support/fill-console'
import { type TestDatabase, testDatabase } from '../../../test/support/test-database'
import { openBackup } from './backup-file'
import { restoreBackup } from './restore-backup'

const { backUp, file, restore } = backupsForTests()

describe('a restore that does not come to its end leaves the database empty', () => {
  let source: TestDatabase
  beforeAll(async () => {
    source = await wholeConsole(18)
    await backUp(source.url, 'half')
  })
  afterAll(() => source.drop())

  it.each([14, 18] as const)('when the server ends its session, on %i', async (major) => {
    const target = await testDatabase(major)
    const end = async () => {
      const cut = `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'proctor restore'`
      await target.client.query(cut)
    }
    await expect(restore(target.url, 'half', end)).rejects.toThrow()
    expect(await rowsOf(target.client)).toEqual({})
    expect(await restore(target.url, 'half')).toEqual([])
    await target.drop()
  })

  it('when it is interrupted', async () => {
    const target = await testDatabase(18)
    const interrupt = new AbortController()
    const backup = await openBackup(file('half'))
    const tables = backup.tables.length
    let read = 0
    const slow = {
      ...backup,
      rowsOf: (of: Parameters<typeof backup.rowsOf>[0]) => {
        if (++read > tables / 2) interrupt.abort()
        return backup.rowsOf(of)
      },
    }
    await expect(restoreBackup(target.url, slow, async () => undefined, interrupt.signal)).rejects.toThrow(/abort/)
    expect(await rowsOf(target.client)).toEqual({})
    await backup.close()
    await target.drop()
  })

  it('when a row does not fit', async () => {
    const target = await testDatabase(18)
    const backup = await openBackup(file('half'))
    const wrong = backup.tables.find(({ name }) => name === 'run')
    const other = backup.tables.find(({ name }) => name === 'audit')
    if (!wrong || !other) throw new Error('no such tables')
    const mixed = { ...backup, rowsOf: (of: typeof wrong) => backup.rowsOf(of === wrong ? other : of) }
    await expect(restoreBackup(target.url, mixed, async () => undefined)).rejects.toThrow()
    expect(await rowsOf(target.client)).toEqual({})
    await backup.close()
    await target.drop()
  })
})
