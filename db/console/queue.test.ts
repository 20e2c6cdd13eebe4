import { expect, it } from 'vitest'
import { type OpenRun, placesOf } from './queue'

const run = (id: string, more: Partial<OpenRun> = {}): OpenRun => ({ id, queued: true, serverId: 'a', table: `t${id}`, ...more })

it('has nothing to wait for at an idle server', () => {
  expect(placesOf([run('1')]).get('1')).toEqual({ place: 1, of: 1, waitsFor: null })
})

it('waits for the run that is going on, and says when it is on the same table', () => {
  const places = placesOf([run('1', { queued: false, table: 't' }), run('2'), run('3', { table: 't' })])
  expect(places.get('1')).toBeUndefined()
  expect(places.get('2')).toEqual({ place: 1, of: 2, waitsFor: { runId: '1', because: 'server', going: true } })
  expect(places.get('3')).toEqual({ place: 2, of: 2, waitsFor: { runId: '1', because: 'table', going: true } })
})

it('waits for the one before it where nothing is going on yet', () => {
  const places = placesOf([run('1'), run('2', { table: 't1' })])
  expect(places.get('2')).toEqual({ place: 2, of: 2, waitsFor: { runId: '1', because: 'table', going: false } })
})

it('knows a queue a server', () => {
  const places = placesOf([run('1', { queued: false }), run('2', { serverId: 'b' }), run('3')])
  expect(places.get('2')).toEqual({ place: 1, of: 1, waitsFor: null })
  expect(places.get('3')).toMatchObject({ place: 1, waitsFor: { runId: '1' } })
})

it('has no place for a run that is held back: others pass it', () => {
  const held = { startsAt: '2026-11-29T02:00:00.000Z', because: 'window' as const, window: null }
  const places = placesOf([run('1', { held }), run('2'), run('3')])
  expect(places.get('1')).toEqual(held)
  expect(places.get('2')).toEqual({ place: 1, of: 2, waitsFor: null })
  expect(places.get('3')).toMatchObject({ place: 2, waitsFor: { runId: '2' } })
})
