import { expect, it } from 'vitest'
import { databaseOnOwnServer } from '../../test/support/own-server'
import { choosePools, LARGEST, ofConsole, ofWorker, poolsFor, SMALLEST } from './connection-budget'

it('gives no more than there is, and the most that anybody has use for', () => {
  for (const starter of ['console', 'worker'] as const) {
    const needs = (pools: typeof LARGEST) => (starter === 'console' ? ofConsole(pools, 1) : ofWorker(pools))
    for (let free = 0; free <= 60; free++) {
      const pools = poolsFor(free, starter)
      if (free < needs(SMALLEST)) expect(pools, `${free}`).toBeNull()
      else if (!pools) throw new Error(`${free} are enough for a ${starter}`)
      else {
        expect(needs(pools), `${free}`).toBeLessThanOrEqual(free)
        for (const name of ['web', 'worker', 'queue'] as const) expect(pools[name]).toBeGreaterThanOrEqual(SMALLEST[name])
      }
    }
    expect(poolsFor(needs(LARGEST), starter)).toEqual(LARGEST)
    expect(poolsFor(1_000, starter)).toEqual(LARGEST)
  }
})

it.each([14, 18] as const)('finds the tightest limit of a server of %i', async (major) => {
  const db = await databaseOnOwnServer(major, { max_connections: '40' })
  try {
    expect(await choosePools(db.client, 'console')).toEqual(LARGEST)
    await db.client.query(`create role console login password 'test'`)
    const session = await db.connect({ user: 'console', password: 'test' })
    expect(await choosePools(session, 'console')).toEqual(LARGEST)
    await db.client.query('alter role console connection limit 12')
    const pools = await choosePools(session, 'console')
    expect(ofConsole(pools, 1)).toBeLessThanOrEqual(12)
    await db.client.query(`alter database ${db.target.database} connection limit 5`)
    await expect(choosePools(session, 'console')).rejects.toThrow(/ 4 connections free \(CONNECTION LIMIT of the database "test_\w+": 5\)/)
    await expect(choosePools(session, 'worker')).rejects.toThrow(/a worker needs at least 6/)
    // A superuser is bound by the server alone: 40 without 3 that are reserved and 35 that are there.
    const others = await Promise.all(Array.from({ length: 33 }, () => db.connect()))
    await expect(choosePools(db.client, 'console')).rejects.toThrow(
      / 2 connections free \(max_connections of its server, without the reserved ones: 37\)/,
    )
    await Promise.all(others.map((client) => client.end()))
  } finally {
    await db.drop()
  }
})
