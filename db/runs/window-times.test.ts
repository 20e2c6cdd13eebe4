import { describe, expect, it } from 'vitest'
import { isOpen, nextOpenings, openingAt, readWindowTimes, windowWords } from './window-times'

const SUNDAYS = { cron: '0 2 * * 0', timeZone: 'Europe/Prague', minutes: 120 }
const NIGHTLY = { cron: '30 2 * * *', timeZone: 'Europe/Prague', minutes: 60 }
const at = (text: string) => new Date(text)
const next = (times: typeof SUNDAYS, after: string, count = 3) => nextOpenings(times, at(after), count).map((one) => one.toISOString())

describe('a maintenance window', () => {
  it('is open from its occurrence to just before its end', () => {
    // 02:00 in Prague is 01:00 UTC in winter.
    expect(isOpen(SUNDAYS, at('2026-11-29T00:59:59.999Z'))).toBe(false)
    expect(isOpen(SUNDAYS, at('2026-11-29T01:00:00.000Z'))).toBe(true)
    expect(isOpen(SUNDAYS, at('2026-11-29T01:00:00.400Z'))).toBe(true)
    expect(isOpen(SUNDAYS, at('2026-11-29T02:59:59.999Z'))).toBe(true)
    expect(isOpen(SUNDAYS, at('2026-11-29T03:00:00.000Z'))).toBe(false)
    expect(isOpen(SUNDAYS, at('2026-11-30T01:30:00.000Z'))).toBe(false)
  })

  it('tells the opening that goes on, or the next', () => {
    const opensAt = at('2026-11-29T01:00:00Z')
    const closesAt = at('2026-11-29T03:00:00Z')
    expect(openingAt(SUNDAYS, at('2026-11-23T12:00:00Z'))).toEqual({ opensAt, closesAt, open: false })
    expect(openingAt(SUNDAYS, opensAt)).toEqual({ opensAt, closesAt, open: true })
    expect(openingAt(SUNDAYS, at('2026-11-29T02:59:59Z'))).toEqual({ opensAt, closesAt, open: true })
    expect(openingAt(SUNDAYS, closesAt)).toMatchObject({ opensAt: at('2026-12-06T01:00:00Z'), open: false })
  })

  it('that comes again before it ends stays open', () => {
    const always = { cron: '* * * * *', timeZone: 'UTC', minutes: 60 }
    expect(openingAt(always, at('2026-11-23T12:00:30Z'))).toEqual({
      opensAt: at('2026-11-23T12:00:00Z'),
      closesAt: at('2026-11-23T13:00:00Z'),
      open: true,
    })
  })

  it('keeps its local time when the clocks change', () => {
    expect(next(SUNDAYS, '2026-10-23T00:00:00Z', 2)).toEqual(['2026-10-25T00:00:00.000Z', '2026-11-01T01:00:00.000Z'])
    expect(next(SUNDAYS, '2027-03-22T00:00:00Z', 2)).toEqual(['2027-03-28T01:00:00.000Z', '2027-04-04T00:00:00.000Z'])
  })

  it('opens once in the night whose 02:30 comes twice, for its own length', () => {
    expect(next(NIGHTLY, '2026-10-24T12:00:00Z', 2)).toEqual(['2026-10-25T00:30:00.000Z', '2026-10-26T01:30:00.000Z'])
    expect(isOpen(NIGHTLY, at('2026-10-25T01:29:59Z'))).toBe(true)
    expect(isOpen(NIGHTLY, at('2026-10-25T01:45:00Z'))).toBe(false) // 02:45 for the second time
  })

  it('opens in the night that has no 02:30, an hour later', () => {
    expect(next(NIGHTLY, '2027-03-27T12:00:00Z', 2)).toEqual(['2027-03-28T01:30:00.000Z', '2027-03-29T00:30:00.000Z'])
    expect(isOpen(NIGHTLY, at('2027-03-28T01:31:00Z'))).toBe(true)
    expect(openingAt(NIGHTLY, at('2027-03-28T01:31:00Z')).opensAt).toEqual(at('2027-03-28T01:30:00Z'))
  })

  it('is told in words', () => {
    expect(windowWords(SUNDAYS)).toBe('At 02:00, only on Sunday, Europe/Prague, for 2 h')
    expect(windowWords({ cron: '*/30 22-23 * * MON-FRI', timeZone: 'UTC', minutes: 95 })).toBe(
      'Every 30 minutes, between 22:00 and 23:59, Monday through Friday, UTC, for 1 h 35 min',
    )
  })

  it('is read with its blanks put right', () => {
    expect(readWindowTimes({ cron: '  0 2\t* *  SUN ', timeZone: ' UTC', minutes: 60 })).toEqual({
      ok: true,
      value: { cron: '0 2 * * SUN', timeZone: 'UTC', minutes: 60 },
    })
  })

  it.each([
    ['', 'five fields'],
    ['@daily', 'five fields'],
    ['* * * * * *', 'five fields'],
    ['60 2 * * *', 'Not a cron expression'],
    ['H 2 * * *', 'Not a cron expression'],
    ['0 0 30 2 *', 'Not a cron expression'], // never comes
    ['0 2 * * blue', 'Not a cron expression'],
    ['<b> 2 * * *', 'Not a cron expression'],
  ])('is refused as %j', (cron, why) => {
    expect(readWindowTimes({ ...SUNDAYS, cron })).toMatchObject({ ok: false, problem: { message: expect.stringContaining(why) } })
  })

  it.each([
    [{ timeZone: 'Mars/Phobos' }],
    [{ timeZone: '' }],
    [{ minutes: 0 }],
    [{ minutes: 1441 }],
    [{ minutes: 1.5 }],
    [{ minutes: NaN }],
  ])('is refused with %j', (wrong) => {
    expect(readWindowTimes({ ...SUNDAYS, ...wrong })).toMatchObject({ ok: false, problem: { kind: 'invalid_input' } })
  })
})
