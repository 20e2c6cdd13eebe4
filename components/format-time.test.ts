import { describe, expect, test } from 'vitest'
import { ago, appointment, beyond, clock, day, moment, sinceWords, span } from './format-time'

const now = '2026-11-23T14:02:07Z'

describe('moments', () => {
  test.each([
    ['2026-11-23T14:02:03Z', '4 s ago'],
    ['2026-11-23T14:02:09Z', '0 s ago'], // a server's clock may be ahead
    ['2026-11-23T13:53:00Z', '9 min ago'],
    ['2026-11-23T11:42:00Z', '11:42'],
    ['2026-11-22T18:31:00Z', 'Sun 18:31'],
    ['2026-11-15T18:31:00Z', '15 Nov'],
    ['2026-09-02T18:31:00Z', '2 Sep'],
    ['2025-10-20T06:12:00Z', '20 Oct 2025'],
    [null, '–'],
  ])('%s is %s', (at, shown) => expect(ago(at, now)).toBe(shown))

  test('since when is a clock from the first second on', () => {
    expect(sinceWords('2026-11-23T14:01:48Z', now)).toBe('14:01')
    expect(sinceWords('2026-11-23T11:42:00Z', now)).toBe('11:42')
    expect(sinceWords('2026-11-22T18:31:00Z', now)).toBe('Sun 18:31')
    expect(sinceWords(null, now)).toBe('–')
  })

  test('in the named zone', () => {
    expect(appointment('2026-11-29T01:00:00Z', 'Europe/Prague', now)).toBe('Sun 29 Nov 02:00')
    expect(appointment('2027-01-01T00:30:00Z', 'UTC', now)).toBe('Fri 1 Jan 2027 00:30')
    expect(appointment(null)).toBe('–')
    expect(clock(now)).toBe('14:02:07')
    expect(clock(now, 'Asia/Tokyo')).toBe('23:02:07')
    expect(moment('2026-10-20T06:12:00Z')).toBe('20 Oct 2026 06:12 UTC')
    expect(day('2026-10-20T06:12:00Z', now)).toBe('20 Oct')
    expect(ago('2026-11-23T00:30:00Z', now, 'America/New_York')).toBe('Sun 19:30')
  })
})

describe('spans', () => {
  test.each([
    ['2026-10-20T06:12:00Z', '34 days', '> 34 d'],
    ['2026-11-22T09:00:00Z', '29 h', '> 29 h'],
    ['2026-11-23T13:50:00Z', '12 min', '> 12 min'],
    ['2026-11-23T14:03:00Z', '0 min', '> 0 min'],
  ])('since %s: %s', (from, shown, unused) => {
    expect(span(from, now)).toBe(shown)
    expect(beyond(from, now)).toBe(unused)
  })
})
