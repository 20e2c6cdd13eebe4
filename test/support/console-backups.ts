import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { writeAudit } from '../../db/console/audit'
import { openBackup } from '../../db/console/backup/backup-file'
import { restoreBackup } from '../../db/console/backup/restore-backup'
import { writeBackup } from '../../db/console/backup/write-backup'
import { connectConsole } from '../../db/console/client'
import { fillConsole } from './fill-console'
import { testConsole } from './test-console'
import { type TestDatabase, testDatabase } from './test-database'

const BY = { email: 'dba@example.org', from: null }

/** A folder for the backups of a file of tests, there from before the first to after the last, and what is done with a backup in it. */
export function backupsForTests() {
  const backups = {
    folder: '',
    file: (name: string) => path.join(backups.folder, name),
    backUp: (url: string, name: string, more: Partial<Parameters<typeof writeBackup>[0]> = {}) =>
      writeBackup({ url, path: backups.file(name), replace: false, version: '1.2.3', minutes: 5, ...more }),
    async restore(url: string, name: string, finish: Parameters<typeof restoreBackup>[2] = async () => undefined) {
      const backup = await openBackup(backups.file(name))
      try {
        return await restoreBackup(url, backup, finish)
      } finally {
        await backup.close()
      }
    },
  }
  beforeAll(async () => {
    backups.folder = await mkdtemp(path.join(tmpdir(), 'proctor-backup-'))
  })
  afterAll(() => rm(backups.folder, { recursive: true, force: true }))
  return backups
}

/** Lines of the audit. */
export const writeLines = async (url: string, count: number) => {
  const home = connectConsole(url)
  for (let n = 0; n < count; n++) await home.transaction((tx) => writeAudit({ by: BY, action: 'test', detail: { n } }, tx))
  await home.$client.end()
}

/** A console database with everything in it. */
export async function wholeConsole(major: 14 | 18): Promise<TestDatabase> {
  const db = await testConsole(major)
  await fillConsole(db.client)
  await writeLines(db.url, 5)
  return db
}

/** An empty database that belongs to a role that is nothing else. */
export async function ownedByNobody(major: 14 | 18): Promise<TestDatabase & { ownerUrl: string }> {
  const db = await testDatabase(major)
  const { database } = db.target
  await db.client.query(`create role ${database}_owner login password 'x'; alter database ${database} owner to ${database}_owner`)
  const ownerUrl = new URL(db.url)
  Object.assign(ownerUrl, { username: `${database}_owner`, password: 'x' })
  const drop = async () => {
    await db.client.query(`reassign owned by ${database}_owner to current_user; drop owned by ${database}_owner`)
    const other = await testDatabase(major)
    await db.drop()
    await other.client.query(`drop role ${database}_owner`)
    await other.drop()
  }
  return { ...db, ownerUrl: ownerUrl.href, drop }
}
