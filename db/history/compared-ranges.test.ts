import { describe, expect, it } from 'vitest'
import { type CompareAsk, comparedRanges } from './compared-ranges'
import type { TimeMark } from './events'

const now = new Date('2026-11-23T15:00:00Z')
const sampling = { now, sampleMs: 60_000 }
const at = (time: string) => new Date(`2026-11-23T${time}Z`)
const range = (from: string, to: string) => ({ from: at(from), to: at(to) })
const none = { vfrom: null, vto: null, since: null }
const compare = (of: ReturnType<typeof range>, ask: Partial<CompareAsk>, marks: TimeMark[] = []) =>
  comparedRanges(of, { vs: 'before', ...none, ...ask }, marks, sampling)
const mark = (time: string, began?: string): TimeMark => ({
  at: at(time).getTime() + 0.4, // the server's clock has microseconds
  ...(began && { began: at(began).getTime() }),
  kind: 'setting',
  label: 'work_mem: 4MB → 64MB',
})

describe('a range against another', () => {
  const hour = range('13:00:00', '14:00:00')
  it.each<[string, Partial<CompareAsk>, { from: Date; to: Date }]>([
    ['the one before', { vs: 'before' }, range('12:00:00', '13:00:00')],
    ['a day before', { vs: 'day' }, { from: new Date('2026-11-22T13:00:00Z'), to: new Date('2026-11-22T14:00:00Z') }],
    ['a week before', { vs: 'week' }, { from: new Date('2026-11-16T13:00:00Z'), to: new Date('2026-11-16T14:00:00Z') }],
    ['any other, of another length', { vs: 'range', vfrom: at('08:00:00'), vto: at('08:20:00') }, range('08:00:00', '08:20:00')],
  ])('%s', (_, ask, before) => expect(compare(hour, ask)).toEqual({ before, after: hour }))

  it('has the earlier one first, whichever was chosen', () => {
    expect(compare(range('08:00:00', '09:00:00'), { vs: 'range', vfrom: at('13:00:00'), vto: at('14:00:00') })).toEqual({
      before: range('08:00:00', '09:00:00'),
      after: hour,
    })
  })

  it('counts the bucket in which they touch once, for the later one', () => {
    expect(compare(range('13:00:30', '14:00:30'), { vs: 'before' })).toEqual({
      before: range('12:00:30', '13:00:00'),
      after: range('13:00:30', '14:00:30'),
    })
  })

  it('may overlap where somebody wants that', () => {
    expect(compare(hour, { vs: 'range', vfrom: at('12:30:00'), vto: at('13:30:00') })?.before).toEqual(range('12:30:00', '13:30:00'))
  })

  it.each<[string, Partial<CompareAsk>]>([
    ['no other', { vs: 'range' }],
    ['half of one', { vs: 'range', vfrom: at('08:00:00') }],
    ['one that ends before it begins', { vs: 'range', vfrom: at('09:00:00'), vto: at('08:00:00') }],
    ['one that lies within one bucket', { vs: 'range', vfrom: at('13:00:10'), vto: at('13:00:50') }],
  ])('is not compared with %s', (_, ask) => {
    expect(compare(range('13:00:50', '14:00:50'), ask)).toBeNull()
  })
})

describe('since an event', () => {
  const since = (time: string) => ({ vs: 'since' as const, since: at(time) })

  it('leaves out the buckets in which it happened, and the sample that still tells of before', () => {
    expect(compare(range('13:00:00', '14:00:00'), since('13:20:30'), [mark('13:20:30')])).toEqual({
      before: range('13:00:00', '13:20:00'),
      after: range('13:22:00', '14:00:00'),
    })
  })

  it('leaves out as much as is between two samples', () => {
    const slow = { now, sampleMs: 300_000 }
    const ask = { ...none, ...since('13:20:30') }
    expect(comparedRanges(range('13:00:00', '14:00:00'), ask, [mark('13:20:30')], slow)?.after.from).toEqual(at('13:26:00'))
  })

  it('ends before it began, and begins after it was over', () => {
    expect(compare(range('13:00:00', '14:00:00'), since('13:40:00'), [mark('13:40:00', '13:10:20')])).toEqual({
      before: range('13:00:00', '13:10:00'),
      after: range('13:41:00', '14:00:00'),
    })
  })

  it('takes what happened at the same moment together', () => {
    const marks = [mark('13:40:00', '13:39:00'), mark('13:40:00', '13:10:20'), mark('13:50:00')]
    expect(compare(range('13:00:00', '14:00:00'), since('13:40:00'), marks)?.before).toEqual(range('13:00:00', '13:10:00'))
  })

  it('knows whole hours only in a range of many days', () => {
    const month = { from: new Date('2026-10-24T15:00:00Z'), to: now }
    expect(comparedRanges(month, { ...none, ...since('13:20:30') }, [mark('13:20:30')], sampling)).toEqual({
      before: { from: month.from, to: at('13:00:00') },
      after: { from: at('14:00:00'), to: now },
    })
  })

  it('is nothing without the event, or where it stands at the edge', () => {
    const hour = range('13:00:00', '14:00:00')
    expect(compare(hour, since('13:20:30'))).toBeNull()
    expect(compare(hour, { vs: 'since' }, [mark('13:20:30')])).toBeNull()
    expect(compare(hour, since('13:00:30'), [mark('13:00:30')])).toBeNull()
    expect(compare(hour, since('13:59:30'), [mark('13:59:30')])).toBeNull()
  })
})
