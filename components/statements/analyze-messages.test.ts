import { expect, test } from 'vitest'
import { analyzeNeeds, missingValues, typedValue } from './analyze-messages'

test('what is neither typed nor NULL is missing, and an empty text is typed with its quotes', () => {
  expect(missingValues(['1', '', null, ' ', "''"])).toEqual([1, 3])
  expect(['a', "''", null].map(typedValue)).toEqual(['a', '', null])
})

test.each([
  [[], [], /no parameters/],
  [['integer'], [undefined], /a value for \$1: no example/],
  [['integer', 'text'], ['1', undefined], /2 values.*1 filled in.*1 to be typed/],
  [['integer', 'text'], ['1', null], /all are filled in/],
])('says how many values it needs: %s', (types, known, words) =>
  expect(analyzeNeeds({ types, known, volatile: [], seconds: 10 })[0]).toMatch(words),
)

test('asks to confirm volatile functions only where there are some', () => {
  const needs = (volatile: string[]) => analyzeNeeds({ types: [], known: [], volatile, seconds: 10 }).length
  expect(needs(['f()']) - needs([])).toBe(1)
})
