import { describe, expect, it } from 'vitest'
import { testDatabase } from '../../test/support/test-database'
import { MAJORS } from '../embedded/binaries'
import { forgetReads } from '../server/run-read'
import { listExtensions } from './list-extensions'

describe.each(MAJORS)('extensions of a database on PostgreSQL %i', (major) => {
  it('are told with versions, schema and owner, to a role without any right too', async () => {
    const db = await testDatabase(major)
    const role = `plain_${db.target.database}`
    try {
      await db.client.query(`create role ${role} login password 'x'`)
      await db.client.query(`create schema "My tools"; create extension pg_trgm schema "My tools" version '1.5'`)
      const plain = { ...db.target, serverId: `${db.target.serverId}-plain`, user: role, password: 'x' }
      for (const target of [db.target, plain]) {
        forgetReads()
        const found = await listExtensions(target)
        if (!found.ok) throw new Error(found.problem.message)
        const { installed, available } = found.value
        expect(installed[0]).toMatchObject({
          ...{ extname: 'pg_trgm', installed: '1.5', default_version: '1.6', schemaname: 'My tools', owner: 'postgres' },
          ...{ relocatable: true, differs: true },
        })
        expect(installed.find(({ extname }) => extname === 'plpgsql')).toMatchObject({ schemaname: 'pg_catalog', differs: false })
        expect(available.map(({ extname }) => extname)).toContain('pgstattuple')
        expect(available.map(({ extname }) => extname)).not.toContain('pg_trgm')
      }
    } finally {
      await db.client.query(`drop role if exists ${role}`)
      await db.drop()
    }
  })
})
