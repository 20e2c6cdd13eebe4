import { expect, it } from 'vitest'
import { heldBack } from './held-back'

const NIGHT = { name: 'Night', cron: '0 2 * * *', timeZone: 'UTC', minutes: 60 }
const now = new Date('2026-11-23T02:10:00Z')
const retry = (at: string) => ({ tries: 1, since: null, at, blockers: [] })

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
