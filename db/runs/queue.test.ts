import { expect, it } from 'vitest'
import { placesOf } from './queue'
import type { OpenRun } from './turns'

const run = (id: string, more: Partial<OpenRun> = {}): OpenRun => ({ id, queued: true, command: 'reindex-index', table: `t${id}`, ...more })

it('has nothing to wait for at an idle server', () => {
  expect(placesOf([run('1')], true).get('1')).toEqual({ place: 1, of: 1, waitsFor: null, attended: true })
})

it('waits for the run that is going on, and says when it is on the same table', () => {
  const places = placesOf([run('1', { queued: false, table: 't' }), run('2'), run('3', { table: 't' })], false)
  expect(places.get('1')).toBeUndefined()
  expect(places.get('2')).toEqual({ place: 1, of: 2, waitsFor: { runId: '1', because: 'server', going: true }, attended: false })
  expect(places.get('3')).toMatchObject({ place: 2, of: 2, waitsFor: { runId: '1', because: 'table', going: true } })
})

it('waits for the one before it where nothing is going on yet', () => {
  const places = placesOf([run('1'), run('2', { table: 't1' }), run('3')], true)
  expect(places.get('2')).toMatchObject({ place: 2, of: 3, waitsFor: { runId: '1', because: 'table', going: false } })
  expect(places.get('3')).toMatchObject({ place: 3, of: 3, waitsFor: { runId: '2', because: 'server', going: false } })
})

it('has no place for a run that is held back: others pass it', () => {
  const held = { startsAt: '2026-11-29T02:00:00.000Z', because: 'window' as const, window: null }
  const places = placesOf([run('1', { held }), run('2'), run('3')], true)
  expect(places.get('1')).toEqual(held)
  expect(places.get('2')).toMatchObject({ place: 1, of: 2, waitsFor: null })
  expect(places.get('3')).toMatchObject({ place: 2, waitsFor: { runId: '2' } })
})
