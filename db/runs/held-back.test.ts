import { expect, it } from 'vitest'
import { heldBack as held, type Waiting } from './held-back'

const NIGHT = { name: 'Night', cron: '0 2 * * *', timeZone: 'UTC', minutes: 60 }
const A = '7000000000000000001'
const B = '7000000000000000002'
const SERVER: Waiting['server'] = { systemIdentifier: A, otherIdentifier: null, otherSince: null, standbySince: null, unknownSince: null }
const RUN: Waiting['run'] = { systemIdentifier: A, onStandby: false }
const heldBack = (waiting: Partial<Waiting>, at: Date) => held({ retry: null, window: null, run: RUN, server: SERVER, ...waiting }, at)
const now = new Date('2026-11-23T02:10:00Z')
const retry = (at: string, pauseMs = 3_600_000) => ({ tries: 1, since: null, at, pauseMs, blockers: [] })

it('lets a run start that waits for nothing, or whose window is open', () => {
  expect(heldBack({ retry: null, window: null }, now)).toBeNull()
  expect(heldBack({ retry: null, window: NIGHT }, now)).toBeNull()
  expect(heldBack({ retry: retry('2026-11-23T02:10:00Z'), window: NIGHT }, now)).toBeNull()
})

it('holds it back until its next try', () => {
  const startsAt = '2026-11-23T02:11:00.000Z'
  expect(heldBack({ retry: retry(startsAt), window: null }, now)).toEqual({ startsAt, because: 'retry', window: null })
  expect(heldBack({ retry: retry(startsAt), window: NIGHT }, now)).toMatchObject({ startsAt, because: 'retry', window: { name: 'Night' } })
})

it('holds it back until its window opens, or opens again when the next try would come too late', () => {
  const startsAt = '2026-11-24T02:00:00.000Z'
  const window = { name: 'Night', words: 'At 02:00, UTC, for 1 h', timeZone: 'UTC' }
  expect(heldBack({ retry: null, window: NIGHT }, new Date('2026-11-23T03:00:00Z'))).toEqual({ startsAt, because: 'window', window })
  expect(heldBack({ retry: retry('2026-11-23T03:00:00Z'), window: NIGHT }, now)).toEqual({ startsAt, because: 'window', window })
})

it('holds it back while its server is not what it was confirmed for, whatever its window', () => {
  const since = new Date('2026-11-23T02:00:00Z')
  const because = (server: Partial<Waiting['server']>, run: Partial<Waiting['run']> = {}) =>
    heldBack({ window: NIGHT, server: { ...SERVER, ...server }, run: { ...RUN, ...run } }, now)
  const told = { since: since.toISOString(), confirmedFor: A }
  expect(because({ otherIdentifier: B, otherSince: since })).toEqual({ ...told, because: 'cluster', found: B })
  expect(because({ unknownSince: since })).toEqual({ ...told, because: 'unknown', found: null })
  expect(because({ standbySince: since })).toEqual({ ...told, because: 'standby', found: null })
  expect(because({ standbySince: since }, { onStandby: true })).toBeNull()
  expect(because({ systemIdentifier: B })).toEqual({ because: 'cluster', since: null, confirmedFor: A, found: B })
  expect(because({}, { systemIdentifier: null })).toBeNull()
})

it('lets nobody wait longer than the pause was to be, when the clock was set back under it', () => {
  const at = '2026-11-23T04:10:05Z' // two hours later than a pause of 5 s was to end
  expect(heldBack({ retry: retry(at, 5_000), window: null }, now)).toBeNull()
  expect(heldBack({ retry: { tries: 1, since: null, at, blockers: [] }, window: null }, now)).toBeNull()
  expect(heldBack({ retry: retry('2026-11-23T02:10:05Z', 5_000), window: null }, now)).toMatchObject({ because: 'retry' })
})
