import { expect, it } from 'vitest'
import { MAJORS } from '../../db/embedded/binaries'
import { databaseOnOwnServer } from './own-server'
import { testDatabase } from './test-database'

it.each(MAJORS)('a server on copied data is a cluster of its own on PostgreSQL %i', async (major) => {
  const [shared, own] = [await testDatabase(major), await databaseOnOwnServer(major)]
  const identifiers = await Promise.all(
    [shared, own].map(async ({ client }) => {
      const { rows } = await client.query('select system_identifier, pg_control_checkpoint() is not null as whole from pg_control_system()')
      return rows[0]
    }),
  )
  await Promise.all([shared.drop(), own.drop()])
  expect(identifiers.map(({ whole }) => whole)).toEqual([true, true])
  const [first, second] = identifiers.map(({ system_identifier }) => BigInt(system_identifier))
  expect(first).not.toBe(second)
  const madeAt = new Date(Number((second as bigint) >> 32n) * 1_000) // as BootStrapXLOG makes it
  expect(Math.abs(Date.now() - madeAt.getTime())).toBeLessThan(86_400_000)
})
