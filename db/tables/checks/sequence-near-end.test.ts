import { describe, expect, it } from 'vitest'
import { checked } from '../../../test/support/test-check'
import type { Past } from '../../checks/define-check'
import { MAJORS } from '../../embedded/binaries'
import { forgetReads, runRead } from '../../server/run-read'
import { sequences } from '../reads/sequences'
import { usedOf } from '../used-sequences'
import { sequenceNearEnd } from './sequence-near-end'

describe.each(MAJORS)('sequence-near-end on PostgreSQL %i', (major) => {
  it('finds the int column behind a bigint sequence, until the column is bigint', () =>
    checked(major, sequenceNearEnd, async ({ offend, one, none, connect, target }) => {
      await offend(
        'create sequence "Ids"',
        `create table "The orders" ("Id" int primary key default nextval('"Ids"'), n int)`,
        `select setval('"Ids"', 1700000000)`,
      )
      await none() // 79%
      await offend(`select setval('"Ids"', 2100000000)`)
      expect(await one()).toMatchObject({ kind: 'relation', relname: 'The orders', severity: 'bad', sql: null, fix: null })
      expect((await one()).evidence).toContain('47,483,647 values left')
      // Asking for the last value would wait behind the lock.
      const other = await connect()
      await other.query('begin; alter sequence "Ids" rename to other')
      await none()
      await other.query('rollback')
      await offend(`create role outsider_${target.database} login password 'x'`)
      const outsider = { ...target, serverId: `${target.serverId}-o`, user: `outsider_${target.database}`, password: 'x' }
      forgetReads()
      expect(await runRead(outsider, sequences, { after: 0 })).toMatchObject({ ok: true, value: [{ readable: false, last_value: null }] })
      expect(await sequenceNearEnd.look(outsider)).toEqual({ ok: true, value: [] })
      await offend(`drop role outsider_${target.database}`)
      await offend('alter table "The orders" alter "Id" type bigint')
      await none()
    }))

  it('finds a sequence that ends before its column, and is silent of one that cycles or has just begun', () =>
    checked(major, sequenceNearEnd, async ({ offend, one, fix, none }) => {
      await offend('create sequence round maxvalue 100 cycle', `select setval('round', 99)`)
      await offend('create table identity (id smallint generated always as identity (start 30000))', 'insert into identity default values')
      await none()
      await offend(
        'create table wide (id bigint primary key)',
        'create sequence wide_id as int owned by wide.id',
        `select setval('wide_id', 2000000000)`,
      )
      expect(await one()).toMatchObject({ relname: 'wide', severity: 'warn', sql: 'ALTER SEQUENCE public.wide_id AS bigint NO MAXVALUE;' })
      await fix()
      await none()
      await offend('create sequence down as smallint increment -1', `select setval('down', -32000)`)
      expect(await one()).toMatchObject({ kind: 'server', name: 'public.down', severity: 'bad', sql: null })
      await offend('drop sequence down')
      await none()
    }))

  it('finds one by its date from half of its way on, where a month of samples has one', () => {
    const today = Math.floor(Date.now() / 86_400_000)
    let sampled: { days: number; perDay: number } | null = null
    let relid = 0
    const past: Past = {
      sequences: async () => {
        const { days = 0, perDay = 0 } = sampled ?? {}
        const values = Array.from({ length: days }, (_, at) => ({
          day: today - days + 1 + at,
          value: 1_300_000_000 - (days - 1 - at) * perDay,
        }))
        return new Map([[relid, values]])
      },
    }
    return checked(
      major,
      sequenceNearEnd,
      async ({ offend, one, none, connect }) => {
        await offend('create table fast (id serial primary key)', `select setval('fast_id_seq', 1300000000)`)
        const client = await connect()
        relid = Number((await client.query(`select 'fast_id_seq'::regclass::oid as relid`)).rows[0].relid)
        await client.end()
        await none() // 61%, and no samples
        sampled = { days: 30, perDay: 20_000_000 } // 42 days
        expect(await one()).toMatchObject({ relname: 'fast', severity: 'warn' })
        expect((await one()).evidence).toContain('20,000,000 values a day over 30 days')
        sampled = { days: 30, perDay: 1_000_000 } // 2 years
        await none()
        sampled = { days: 7, perDay: 20_000_000 }
        await none()
      },
      past,
    )
  })

  it('asks for many sequences in several transactions, each of which locks few', () =>
    checked(major, sequenceNearEnd, async ({ offend, one }) => {
      await offend(
        `do $$ begin for i in 1..2100 loop execute 'create sequence s' || i; if i % 500 = 0 then commit; end if; end loop; end $$`,
        'create sequence last as smallint',
        `select setval('last', 32000)`,
      )
      expect(await one()).toMatchObject({ kind: 'server', name: 'public.last' })
    }))
})

describe('how much of a sequence is used', () => {
  const row = {
    ...{ seqrelid: 1, schemaname: 's', sequencename: 'q', readable: true, start_value: '1', min_value: '1', increment: '10' },
    ...{ table_oid: null, table_schema: null, table_name: null, column_name: null, column_type: null, column_max: null },
  }
  it('counts steps, and knows no more digits than there are', () => {
    expect(usedOf({ ...row, last_value: '901', max_value: '1001' })).toEqual({ share: 0.9, left: 10n, end: 1001n })
    const large = usedOf({ ...row, last_value: '9223372036854775801', max_value: '9223372036854775807', increment: '1' })
    expect(large).toMatchObject({ left: 6n, share: 0.9999 })
    expect(usedOf({ ...row, last_value: null, max_value: '9' })).toBeNull()
  })
})
