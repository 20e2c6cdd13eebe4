import { describe, expect, it } from 'vitest'
import { checked } from '../../../test/support/test-check'
import { MAJORS } from '../../embedded/binaries'
import { extensionOutdated } from './extension-outdated'

describe.each(MAJORS)('extension-outdated on PostgreSQL %i', (major) => {
  it('finds an extension of an older version than its files, until it is updated', () =>
    checked(major, extensionOutdated, async ({ offend, one, fix, none }) => {
      await offend('create extension hstore')
      await none()
      await offend(`create extension pg_trgm version '1.3'`)
      expect(await one()).toMatchObject({
        kind: 'server',
        name: 'pg_trgm',
        severity: 'info',
        fix: { command: 'update-extension', input: { extension: 'pg_trgm' } },
        sql: 'ALTER EXTENSION pg_trgm UPDATE;',
      })
      await fix()
      await none()
      // Files that are older than what is installed lead nowhere.
      await offend(`update pg_extension set extversion = '99' where extname = 'hstore'`)
      await none()
    }))
})
