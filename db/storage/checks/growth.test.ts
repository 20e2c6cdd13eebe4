import { describe, expect, it } from 'vitest'
import { checked } from '../../../test/support/test-check'
import type { Past } from '../../checks/define-check'
import type { DailyValue } from '../../domain/forecast'
import { diskFullForecast } from './disk-full-forecast'
import { growthFaster } from './growth-faster'

const GB = 1024 ** 3
const TODAY = Math.floor(Date.now() / 86_400_000)
/** Sizes of as many days, until today, by how many days ago. */
const days = (count: number, size: (ago: number) => number): DailyValue[] =>
  Array.from({ length: count }, (_, at) => ({ day: TODAY - count + 1 + at, value: size(count - 1 - at) }))
/** A gigabyte a day, give or take. */
const growing = (count: number) => days(count, (ago) => (1_000 - ago + (ago % 3) / 10) * GB)

describe.each([14, 18] as const)('growth on PostgreSQL %i', (major) => {
  it('fills the volume by a date, until there is room', async () => {
    let known: { sizes: DailyValue[]; free: number; typed: number | null; local: boolean }
    const of = (free: number, sizes = growing(30)) => {
      known = { sizes, free, typed: null, local: true }
    }
    of(200 * GB)
    const past: Past = {
      sizes: async () => known.sizes,
      volume: async (place) => {
        expect(place?.directory).toMatch(/data$/)
        return { measured: known.local ? { bytes: 2_000 * GB, free: known.free } : null, typed: known.typed }
      },
    }
    await checked(
      major,
      diskFullForecast,
      async ({ one, none }) => {
        of(20 * GB)
        expect(await one()).toMatchObject({ kind: 'server', name: null, severity: 'warn', sql: null })
        of(5 * GB)
        expect(await one()).toMatchObject({ severity: 'bad', trust: { kind: 'estimated' } })
        of(60 * GB)
        await none()
        // A week, a step a few days ago, and sizes that go up and down tell no date.
        of(5 * GB, growing(7))
        await none()
        of(
          5 * GB,
          days(30, (ago) => (ago < 6 ? 1_400 : 1_000) * GB - ago * GB),
        )
        await none()
        of(
          5 * GB,
          days(30, (ago) => (1_000 + (ago % 2)) * GB),
        )
        await none()
        // Neither measured nor typed in; then typed in, with room for less than the databases of this server and a month.
        known = { sizes: growing(30), free: 0, typed: null, local: false }
        await none()
        known = { ...known, typed: 12 * GB }
        expect((await one()).evidence).toContain('typed in')
        known = { ...known, typed: 100 * GB }
        await none()
      },
      past,
    )
    expect(await diskFullForecast.look({ serverId: 'x' } as never)).toEqual({ ok: true, value: [] })
  })

  it('is faster than before: the table, or its database where no table explains it', async () => {
    const steady = (ago: number) => (100 - ago) * 10 * 1024 ** 2
    const faster = (ago: number) => steady(ago) + Math.max(0, 4 - ago) * GB
    let tables = new Map<number, DailyValue[]>()
    let database = days(32, steady)
    const past: Past = { growth: async () => ({ database, tables }) }
    await checked(
      major,
      growthFaster,
      async ({ offend, one, none, connect }) => {
        await offend('create table "Log" (id int)')
        const client = await connect()
        const relid = Number((await client.query(`select '"Log"'::regclass::oid as relid`)).rows[0].relid)
        await client.end()
        tables = new Map([[relid, days(32, steady)]])
        await none()
        database = days(32, faster)
        expect(await one()).toMatchObject({ kind: 'server', severity: 'warn' })
        tables = new Map([[relid, days(32, faster)]])
        expect(await one()).toMatchObject({ kind: 'relation', what: 'table', relname: 'Log', oid: relid })
        // Twice as fast is fast enough, but of little; and a table that is gone is nobody's matter.
        const little = (ago: number) => steady(ago) + Math.max(0, 4 - ago) * 50 * 1024 ** 2
        database = days(32, little)
        tables = new Map([[relid, days(32, little)]])
        await none()
        tables = new Map([[relid, days(10, faster)]])
        database = days(10, faster)
        await none()
        tables = new Map([[relid + 1_000_000, days(32, faster)]])
        await none()
      },
      past,
    )
  })
})
