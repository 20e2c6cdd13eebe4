import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MAJORS } from '@/db/embedded/binaries'
import { type TestDatabase, testDatabase } from '@/test/support/test-database'
import { mayPlan } from './who-plans'

describe.each(MAJORS)('who gets a plan on PostgreSQL %i', (major) => {
  let db: TestDatabase
  const role = (kind: string) => `${kind}_${db.target.database}`
  const KINDS: [kind: string, made: string, strong: boolean][] = [
    ['plain', 'grant pg_monitor, pg_read_all_data to', false],
    ['super', '', true],
    ['hidden', 'grant postgres to', true],
    ['program', 'grant pg_execute_server_program to', true],
    ['writer', 'grant pg_write_server_files to', true],
  ]

  beforeAll(async () => {
    db = await testDatabase(major)
    for (const [kind, made] of KINDS) {
      await db.client.query(`create role ${role(kind)} login password 'x'`)
      await db.client.query(kind === 'super' ? `alter role ${role(kind)} superuser` : `${made} ${role(kind)}`)
    }
  })
  afterAll(async () => {
    for (const [kind] of KINDS) await db.client.query(`drop role ${role(kind)}`)
    await db.drop()
  })

  it.each(KINDS)('from a connection as a %s role', async (kind, _, strong) => {
    const target = db.as(role(kind), 'x')
    expect(await mayPlan(target, true)).toMatchObject({ ok: true })
    expect(await mayPlan(target, false)).toMatchObject(
      strong ? { ok: false, problem: { kind: 'insufficient_privilege', hint: expect.stringContaining('pg_read_all_data') } } : { ok: true },
    )
  })
})
