import { chown, mkdir, readdir, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, it } from 'vitest'
import { migrateConsole } from '../db/console/migrate'
import { serverAccount } from '../db/embedded/account'
import { describeFailing, type FailingStart, SECRETS, startsForTests } from '../test/support/failing-starts'
import { launch, processesOn } from '../test/support/launcher'
import { testDatabase } from '../test/support/test-database'
import { sealedElsewhere } from './sealed-elsewhere'
import { readSettings } from './settings'

/** Every start that fails is one sentence on stderr and status 1, and leaves nothing running and nothing half made. */

const start = startsForTests()

const FOLDERS: FailingStart[] = [
  { name: 'a file in its place', prepare: () => writeFile(start.data, ''), says: /data cannot be used: something else, such as a file/ },
  {
    name: 'a parent that is a file',
    prepare: () => writeFile(start.data, ''),
    environment: () => ({ PROCTOR_DATA_DIR: path.join(start.data, 'below') }),
    says: /a file stands where a folder has to be/,
  },
  {
    name: 'a dangling link',
    prepare: () => symlink(path.join(start.folder, 'nowhere'), start.data),
    says: /a link leads nowhere|dangling link/,
  },
  { name: 'links in a circle', prepare: () => symlink(start.data, start.data), says: /dangling link|in a circle/ },
  { name: 'a name that is too long', environment: () => ({ PROCTOR_DATA_DIR: path.join(start.data, 'x'.repeat(300)) }), says: /too long/ },
  {
    name: 'a path that is too long',
    environment: () => ({ PROCTOR_DATA_DIR: `${start.data}${'/long'.repeat(200)}` }),
    says: /longer than 800 bytes/,
  },
  {
    name: 'a folder in the place of the lock',
    prepare: () => mkdir(path.join(start.data, 'console.lock'), { recursive: true }),
    says: /console\.lock cannot be/,
  },
  {
    name: 'a folder in the place of the secrets',
    prepare: () => mkdir(path.join(start.data, 'secrets.json'), { recursive: true }),
    says: /secrets\.json is no file/,
  },
  {
    name: 'broken secrets',
    prepare: async () => {
      await start.emptyFolder()
      await writeFile(path.join(start.data, 'secrets.json'), SECRETS.slice(0, 60))
    },
    says: /secrets\.json is not whole/,
  },
  {
    name: 'data without secrets',
    prepare: async () => {
      await mkdir(path.join(start.data, 'console', 'data'), { recursive: true })
      await writeFile(path.join(start.data, 'console', 'data', 'PG_VERSION'), '18\n')
    },
    says: /secrets\.json is missing, and only the secrets in it open /,
  },
  {
    name: 'a half-made data directory',
    prepare: async () => {
      await mkdir(path.join(start.data, 'console', 'data', 'base'), { recursive: true })
      await writeFile(path.join(start.data, 'secrets.json'), SECRETS, { mode: 0o600 })
    },
    says: /data is not empty and no data directory/,
  },
  {
    name: 'data of another major',
    prepare: async () => {
      await mkdir(path.join(start.data, 'console', 'data'), { recursive: true })
      const account = await serverAccount()
      await writeFile(path.join(start.data, 'console', 'data', 'PG_VERSION'), '13\n')
      if (account) await chown(path.join(start.data, 'console', 'data'), account.uid, account.gid)
      await writeFile(path.join(start.data, 'secrets.json'), SECRETS, { mode: 0o600 })
    },
    says: /was made by PostgreSQL 13, and \S+ holds 18/,
  },
  {
    name: 'a file in the place of the server',
    prepare: async () => {
      await start.emptyFolder()
      await writeFile(path.join(start.data, 'console'), '')
    },
    says: /console(\/data)? cannot be used: (a file stands|something else)/,
  },
]

describeFailing(start, FOLDERS)

it('a console database elsewhere that is in use already, without the secret that opens it', async () => {
  const db = await testDatabase(14)
  await migrateConsole(db.url)
  await db.client.query(`insert into server (id, name, source, database) values ('main', 'main', 'environment', 'postgres')`)
  expect(await start.failed({ PROCTOR_DATABASE_URL: db.url, PROCTOR_SAMPLE: 'off' })).toMatch(
    /secrets\.json is missing, and only the secrets in it open what the console database of PROCTOR_DATABASE_URL keeps \(or set PROCTOR_SECRET/,
  )
  expect((await readdir(start.data)).filter((name) => name !== 'console.lock')).toEqual([])
  const withSecret = readSettings({ PROCTOR_DATABASE_URL: db.url, PROCTOR_SECRET: 'x'.repeat(32) })
  expect(await sealedElsewhere(withSecret)).toBeNull()
  await db.client.query('delete from server')
  expect(await sealedElsewhere(readSettings({ PROCTOR_DATABASE_URL: db.url }))).toBeNull()
  await db.drop()
})

it('a second start, which leaves the first one alone', async () => {
  const environment = { PROCTOR_DATA_DIR: start.data, PROCTOR_DEVELOPMENT: '1' }
  const first = await launch(environment)
  expect(await first.says(/Making the sample/)).toBe(true)
  const second = await launch(environment)
  expect(await second.ended).toMatchObject({ code: 1 })
  expect(second.said).toEqual({
    stdout: '',
    stderr: `A console already runs on ${start.data} (process ${first.child.pid}); stop it, or set PROCTOR_DATA_DIR to another folder.\n`,
  })
  expect(first.child.exitCode).toBeNull()
  first.child.kill('SIGTERM')
  expect(await first.ended).toMatchObject({ code: 0 })
  expect(await processesOn(start.folder)).toEqual([])
})
