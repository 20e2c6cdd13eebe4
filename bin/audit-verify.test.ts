import { spawnSync } from 'node:child_process'
import path from 'node:path'
import process from 'node:process'
import { expect, it } from 'vitest'
import { writeAudit } from '../db/console/audit'
import { connectConsole } from '../db/console/client'
import { testConsole } from '../test/support/test-console'

const NOWHERE = path.join(import.meta.dirname, 'no-data-folder')

const verify = (url: string, more: string[] = [], env: Record<string, string> = {}) =>
  spawnSync(
    process.execPath,
    ['--import', './bin/modules.mjs', path.join(import.meta.dirname, 'proctor.ts'), 'audit', 'verify', '--url', url, ...more],
    {
      encoding: 'utf8',
      env: { ...process.env, PROCTOR_DATA_DIR: NOWHERE, ...env },
    },
  )

it('follows the audit from the command line, and ends with 1 where it is broken, with 2 where its key is not known', async () => {
  const db = await testConsole()
  const home = connectConsole(db.url)
  for (const email of ['ada', 'bob', 'eve'])
    await home.transaction((tx) => writeAudit({ by: { email, from: null }, action: 'x', detail: {} }, tx))
  await home.$client.end()
  const { rows } = await db.client.query('select hash from audit order by id desc')
  const [newest, former] = rows.map(({ hash }) => hash)
  const unbroken = verify(db.url)
  expect(unbroken).toMatchObject({ status: 0, stdout: expect.stringMatching(/^Chain unbroken, 3 entries, /), stderr: '' })
  expect(unbroken.stdout).toContain(newest)
  expect(unbroken.stdout).toContain('cut off')
  expect(verify(db.url, ['--newest', newest]).stdout).not.toContain('cut off')
  expect(verify(db.url, [], { PROCTOR_SECRET: '' })).toMatchObject({ status: 2, stdout: expect.stringMatching(/^Hashes unbroken/) })
  const other = { PROCTOR_SECRET: 'another secret that is long enough too' }
  expect(verify(db.url, ['--json'], other)).toMatchObject({ status: 2, stdout: expect.stringContaining('"by":"other key"') })
  await db.client.query('set session_replication_role = replica; delete from audit where id = 3')
  expect(verify(db.url, ['--newest', former])).toMatchObject({ status: 0 })
  expect(verify(db.url, ['--newest', newest])).toMatchObject({
    status: 1,
    stdout: expect.stringMatching(/^Chain broken at entry 2: .*cut off/),
  })
  await db.client.query(`update audit set actor = 'tom' where id = 2`)
  expect(verify(db.url)).toMatchObject({ status: 1, stdout: expect.stringMatching(/^Chain broken at entry 2: it was changed/) })
  await db.client.query(`update audit a set hash = encode(sha256(convert_to(audit_canonical(a), 'UTF8')), 'hex') where id = 2`)
  expect(verify(db.url)).toMatchObject({ status: 1, stdout: expect.stringMatching(/^Chain broken at entry 2: its hash fits/) })
  await db.drop()
  expect(verify(db.url)).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('does not exist') })
})
