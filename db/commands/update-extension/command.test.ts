import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commandTest, KNOWN } from '../../../test/support/test-command'
import { type TestDatabase, testDatabase } from '../../../test/support/test-database'
import { MAJORS } from '../../embedded/binaries'
import { serverFacts } from '../../server/facts'
import { updateExtension } from './command'

describe.each(MAJORS)('update-extension on PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await testDatabase(major)
    await db.client.query(
      `create schema apart; create extension intarray schema apart version '1.3'; create extension pageinspect schema apart version '1.8'`,
    )
  })
  afterAll(() => db.drop())
  const { command, planned, refused, send, query } = commandTest(() => db, updateExtension)
  const version = (name: string) => query<string>('select extversion from pg_extension where extname = $1', [name])

  it('updates to the default version, or to the one that is asked for', async () => {
    const { plan, object, line } = await planned({ extension: 'intarray', version: '1.4' })
    expect(plan).toMatchObject({ undo: null, alwaysTyped: true, phrase: 'intarray', waits: 'in tries' })
    expect(plan.undoWith).toBeUndefined()
    expect(plan.statements.at(-1)).toBe(`ALTER EXTENSION intarray UPDATE TO '1.4'`)
    expect(line('privilege')?.status).toBe('pass')
    expect(line('script')?.status).toBe('pass')
    const before = { at: 0, object, bytes: null, dead: null, files: [] }
    expect(await command.done(db.target, before)).toEqual({ ok: true, value: 'no' })
    await send(plan.statements)
    expect(await command.done(db.target, before)).toEqual({ ok: true, value: 'yes' })
    expect((await command.look?.(db.target, before, plan))?.checkedAfter).toMatch(/1\.3.*1\.4/)
    await send((await planned({ extension: 'intarray' })).plan.statements)
    expect(await version('intarray')).toBe('1.5')
    expect(await refused({ extension: 'intarray' })).toMatchObject({ kind: 'conflict', message: expect.stringContaining('1.5') })
  })

  it('offers a way back only where a script leads there', async () => {
    const found = await updateExtension.facts(db.target, { extension: 'pageinspect' })
    const server = await serverFacts(db.target)
    if (!found.ok || !server.ok) throw new Error('not read')
    const context = { ...found.value, server: server.value, known: KNOWN }
    const there = updateExtension.plan({ extension: 'pageinspect' }, { ...context, facts: { ...found.value.facts, way_back: '1.9--1.8' } })
    expect(there).toMatchObject({
      value: { undo: `ALTER EXTENSION pageinspect UPDATE TO '1.8'`, undoWith: { command: 'update-extension', input: { version: '1.8' } } },
    })
    expect(updateExtension.plan({ extension: 'pageinspect' }, context)).toMatchObject({ value: { undo: null } })
  })

  it('names what depends on it, and who could put something in its way', async () => {
    await db.client.query(`create view apart.seen as select * from apart.page_header(null); grant create on schema apart to public`)
    const { line } = await planned({ extension: 'pageinspect' })
    expect(line('dependents')?.detail).toContain('seen')
    expect(line('script')).toMatchObject({ status: 'warn', title: expect.stringContaining('PUBLIC') })
    await db.client.query('revoke create on schema apart from public; drop view apart.seen')
  })

  it('asks for the owner, and for a superuser where it is not trusted', async () => {
    const role = `weak_${db.target.database}`
    await db.client.query(`create role ${role} login password 'x'; grant usage, create on schema apart to ${role}; grant create on database ${db.target.database} to ${role};
      drop extension intarray`)
    const session = await db.connect({ user: role, password: 'x' })
    await session.query(`create extension intarray schema apart version '1.4'`)
    const own = await planned({ extension: 'intarray' }, db.as(role, 'x'))
    expect(own.line('privilege')?.status).toBe('pass')
    expect(own.line('script')?.title).toContain(role)
    expect((await planned({ extension: 'pageinspect' }, db.as(role, 'x'))).line('privilege')?.status).toBe('stop')
    await db.client.query(`revoke create on database ${db.target.database} from ${role}`)
    expect((await planned({ extension: 'intarray' }, db.as(role, 'x'))).line('privilege')).toMatchObject({
      status: 'stop',
      detail: expect.stringContaining('GRANT CREATE ON DATABASE'),
    })
    await db.client.query(`grant create on database ${db.target.database} to ${role}`)
    for (const statement of own.plan.statements) await session.query(statement)
    expect(await version('intarray')).toBe('1.5')
    await db.client.query(`drop extension intarray; drop owned by ${role}; drop role ${role}`)
  })

  it('refuses what is not installed, versions without a script, and SQL', async () => {
    expect(await refused({ extension: 'cube' })).toMatchObject({ kind: 'conflict' })
    expect(await refused({ extension: 'pageinspect', version: '0.1' })).toMatchObject({ kind: 'conflict' })
    expect(await refused({ extension: 'pageinspect', version: `1.9'; drop schema apart; --` })).toMatchObject({ kind: 'conflict' })
  })
})
