import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { backupsForTests, wholeConsole } from '../../../test/support/console-backups'
import { rowsOf } from '../../../test/support/fill-console'
import { type TestDatabase, testDatabase } from '../../../test/support/test-database'
import { openBackup } from './backup-file'

const backups = backupsForTests()
const { backUp, file, restore } = backups

describe('the file of a backup', () => {
  let db: TestDatabase
  let whole: Buffer
  beforeAll(async () => {
    db = await wholeConsole(18)
    await backUp(db.url, 'file')
    whole = await readFile(file('file'))
  })
  afterAll(() => db.drop())

  it('is its owner’s alone, and leaves nothing beside it', async () => {
    expect((await stat(file('file'))).mode & 0o777).toBe(0o600)
    expect(await readdir(backups.folder)).not.toContainEqual(expect.stringContaining('unfinished'))
  })

  it('replaces nothing unasked', async () => {
    await expect(backUp(db.url, 'file')).rejects.toThrow(/is there already/)
    expect(await readFile(file('file'))).toEqual(whole)
    await backUp(db.url, 'file', { replace: true })
    const opened = await openBackup(file('file'))
    expect(opened.console).toBe('1.2.3')
    await opened.close()
  })

  it.each([0, 1, 100, 0.3, 0.9, 0.99999])('is refused when it was cut at %d', async (at) => {
    await writeFile(file('cut'), whole.subarray(0, at < 1 ? Math.floor(at * whole.length) : at))
    await expect(openBackup(file('cut'))).rejects.toThrow(/is no backup of a console|is not as it was written/)
  })

  it('is refused when something was put after its end', async () => {
    await writeFile(file('longer'), Buffer.concat([whole, Buffer.from('x')]))
    await expect(openBackup(file('longer'))).rejects.toThrow(/1 bytes were put after its end/)
  })

  it('is refused whatever one of its bytes was altered, and no database is touched', async () => {
    const target = await testDatabase(18)
    const positions = [
      ...Array.from({ length: 98 }, (_, at) => at),
      ...Array.from({ length: 150 }, (_, n) => 98 + Math.floor((n * (whole.length - 98)) / 150)),
    ]
    for (const at of [...positions, whole.length - 1]) {
      const altered = Buffer.from(whole)
      altered[at] = (altered[at] ?? 0) ^ 0x01
      await writeFile(file('altered'), altered)
      await expect(restore(target.url, 'altered'), `byte ${at}`).rejects.toThrow(/is no backup|is not as it was written|newer console/)
    }
    expect(await rowsOf(target.client)).toEqual({})
    await target.drop()
  })
})
