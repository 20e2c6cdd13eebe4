import { expect, it } from 'vitest'
import { placeFrom, placeText } from './chosen-place'

const SERVERS = [{ id: 'sample' }, { id: 'a/b' }]

it.each([
  { server: 'sample', database: 'lms' },
  { server: 'a/b', database: 'o%dd/näme; x=1' },
])('a place comes back from its cookie: %o', (place) => {
  expect(placeText(place)).not.toMatch(/[;, ]/)
  expect(placeFrom(placeText(place), SERVERS)).toEqual(place)
})

it.each([undefined, '', 'sample', 'sample/', '/lms', 'gone/lms', 'sample/lms/more', 'sample/%E0%A4%A'])('%s is no place', (text) => {
  expect(placeFrom(text, SERVERS)).toBeUndefined()
})
