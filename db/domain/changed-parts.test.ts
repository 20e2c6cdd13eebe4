import { expect, it } from 'vitest'
import { changedParts } from './changed-parts'

const said = (before: string, after: string) => {
  const parts = changedParts(before, after)
  return [parts.before.map(({ from, to }) => before.slice(from, to)), parts.after.map(({ from, to }) => after.slice(from, to))]
}

it('marks the words that only one of two texts has', () => {
  expect(said('select a from t', 'select a from t')).toEqual([[], []])
  expect(said('select a from t where x', 'select a\n  from t')).toEqual([['where x'], []])
  expect(said('where a + 0 = 3 and b', 'where a = 3 and b')).toEqual([['+ 0'], []])
  expect(said('', 'select 1')).toEqual([[], ['select 1']])
  expect(said("where a = 'x y'", "where a = 'x  y'")).toEqual([["'x y'"], ["'x  y'"]])
})

it('marks the middle of texts that are too long to compare', () => {
  const words = (of: string) => Array.from({ length: 800 }, (_, n) => `${of}${n}`).join(' ')
  expect(said(`a ${words('b')} z`, `a ${words('c')} z`)).toEqual([[words('b')], [words('c')]])
})
