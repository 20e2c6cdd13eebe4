import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { databaseOnOwnServer } from '../../../test/support/own-server'
import type { TestDatabase } from '../../../test/support/test-database'
import type { Check } from '../../checks/define-check'
import { forgetReads } from '../../server/run-read'
import { passwordExpires } from './password-expires'
import { passwordNotScram } from './password-not-scram'
import { schemaOpen } from './schema-open'
import { superuserApplication, superuserApplicationAfter } from './superuser-application'

describe.each([14, 18] as const)('checks of roles on PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await databaseOnOwnServer(major)
    await db.client.query(`create role watcher login password 'x' in role pg_monitor`)
  })
  afterAll(() => db.drop())

  const look = async (check: Check, target = db.target) => {
    forgetReads()
    const found = await check.look(target)
    if (!found.ok) throw new Error(found.problem.message)
    return found.value
  }

  it('schema-open finds a schema that everybody may fill, once there is somebody', async () => {
    expect(await look(schemaOpen)).toEqual([]) // public as it comes, with another role that may log in
    await db.client.query('alter role watcher nologin')
    await db.client.query('create schema "Open"; grant create on schema "Open" to public; grant create on schema public to public')
    expect(await look(schemaOpen)).toEqual([]) // nobody to use it
    await db.client.query('alter role watcher login')
    const found = await look(schemaOpen)
    expect(found.map(({ kind, title, severity }) => ({ kind, title, severity }))).toEqual([
      // 14 comes with an open public
      ...(major === 14 ? [] : [{ kind: 'server', severity: 'warn', title: 'Every role may create objects in schema public' }]),
      { kind: 'server', severity: 'warn', title: 'Every role may create objects in schema "Open"' },
    ])
    for (const { sql } of found) await db.client.query(sql ?? '')
    expect(await look(schemaOpen)).toEqual([])
  })

  it('password-expires finds a password near its end, and one that has just ended; none that ended long ago unless it is in use', async () => {
    await db.client.query(`create role far login password 'x' valid until '${days(15)}'; create role closed login valid until '2020-01-01';
      create role nobody nologin valid until '${days(1)}'; create role ever login valid until 'infinity'`)
    expect(await look(passwordExpires)).toEqual([])
    await db.client.query(`alter role far valid until '${days(13)}'`)
    expect(await look(passwordExpires, db.as('watcher', 'x'))).toMatchObject([{ name: 'far', severity: 'warn' }])
    await db.client.query(`alter role far valid until '${days(-1)}'`)
    expect(await look(passwordExpires)).toMatchObject([{ name: 'far', severity: 'warn', since: expect.any(String) }])
    await db.client.query(`alter role far valid until 'infinity'; alter role watcher valid until '2020-01-01'`)
    expect(await look(passwordExpires)).toMatchObject([{ name: 'watcher', severity: 'bad' }]) // Proctor's pool is still there
    await db.client.query(`alter role watcher valid until 'infinity'`)
    expect(await look(passwordExpires)).toEqual([])
  })

  it('password-not-scram finds MD5 passwords, and tells who may not see them of the setting', async () => {
    expect(await look(passwordNotScram)).toEqual([])
    await db.client.query(`set password_encryption = 'md5'`)
    await db.client.query(`create role old login password 'secret'`)
    expect(await look(passwordNotScram)).toMatchObject([{ severity: 'warn', title: '1 role has an MD5 password', sql: null }])
    expect(JSON.stringify(await look(passwordNotScram))).not.toMatch(/md5[0-9a-f]/)
    expect(await look(passwordNotScram, db.as('watcher', 'x'))).toEqual([])
    await db.client.query('reset password_encryption')
    await db.client.query(`alter role old password 'secret'`)
    expect(await look(passwordNotScram)).toEqual([])
    await db.client.query(`alter system set password_encryption = 'md5'`)
    await db.client.query('select pg_reload_conf()')
    await expect
      .poll(() => look(passwordNotScram, db.as('watcher', 'x')))
      .toMatchObject([{ title: 'New passwords are kept as MD5 hashes' }])
    for (const statement of (await look(passwordNotScram))[0]?.sql?.split('\n') ?? []) await db.client.query(statement)
    await expect.poll(() => look(passwordNotScram)).toEqual([])
  })

  it('superuser-application finds an application by its session; neither a tool, nor what has just come', async () => {
    const check = superuserApplicationAfter(0)
    // The session that made the database is one of a superuser, too, and without a name.
    const soon = async (target = db.target) => (await look(check, target)).filter(({ title }) => !title.startsWith('An application'))
    await db.client.query(`set application_name = 'psql'`)
    expect(await soon()).toEqual([])
    const application = new Client({ connectionString: db.url, application_name: 'shop' })
    await application.connect()
    try {
      expect(await soon()).toMatchObject([
        { name: 'shop, postgres from 127.0.0.1', severity: 'warn', evidence: expect.stringContaining('1 session from 127.0.0.1') },
      ])
      expect(await soon(db.as('watcher', 'x'))).toHaveLength(1)
      expect(await look(superuserApplication)).toEqual([])
    } finally {
      await application.end()
    }
    await expect.poll(() => soon()).toEqual([])
    const plain = await db.connect({ user: 'watcher', password: 'x' })
    await plain.query(`set application_name = 'shop'`)
    expect(await soon()).toEqual([])
  })
})

const days = (count: number): string => new Date(Date.now() + count * 86_400_000).toISOString()
