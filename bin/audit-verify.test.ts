import { spawnSync } from 'node:child_process'
import path from 'node:path'
import process from 'node:process'
import { expect, it } from 'vitest'
import { migrateConsole } from '../db/console/migrate'
import { testDatabase } from '../db/embedded/test-database'

const verify = (url: string) =>
  spawnSync(process.execPath, ['--import', 'tsx', path.join(import.meta.dirname, 'proctor.ts'), 'audit', 'verify', '--url', url], {
    encoding: 'utf8',
  })

it('follows the chain of the audit from the command line, and ends with 1 where it is broken', async () => {
  const db = await testDatabase(18)
  await migrateConsole(db.url)
  for (const actor of ['ada', 'bob']) await db.client.query(`insert into audit (actor, action, detail) values ($1, 'x', '{}')`, [actor])
  expect(verify(db.url)).toMatchObject({ status: 0, stdout: expect.stringMatching(/^Chain unbroken, 2 entries, /), stderr: '' })
  await db.client.query(`set session_replication_role = replica; update audit set actor = 'eve' where id = 2`)
  expect(verify(db.url)).toMatchObject({ status: 1, stdout: expect.stringMatching(/^Chain broken at entry 2: it was changed/) })
  await db.drop()
  expect(verify(db.url)).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('does not exist') })
})
