import { expect, it } from 'vitest'
import { parsePlainYaml } from './plain-yaml'

it('reads maps, lists and strings', () => {
  const text = '# a comment\na:\n  b: one word\n  c: "off"\n  d:\n    - first\n    - "127.0.0.1:1:1"\ne: ["x", "y"]\nf:\n'
  expect(parsePlainYaml(text)).toEqual({ a: { b: 'one word', c: 'off', d: ['first', '127.0.0.1:1:1'] }, e: ['x', 'y'], f: '' })
})

it.each([
  ['a: off', 'Line 1: quote it'],
  ['a: 5432', 'Line 1: quote it'],
  ['a: 1:20', 'Line 1: quote it'],
  ['a: [off]', 'is not valid JSON'],
  ['a: [1]', 'Line 1: quote it'],
  ['a: b: c', 'Line 1: quote it'],
  ['a: *b', 'Line 1: quote it'],
  ['a: b # c', 'Line 1: quote it'],
  ['a: |', 'Line 1: quote it'],
  ['a: b\na: c', 'Line 2: neither'],
  ['a:\n - b', 'Line 2: indent by two spaces'],
  ['a: b\n  c: d', 'Line 2: belongs to nothing'],
  ['- a\nb: c', 'Line 2: a list within a map'],
  ['a', 'Line 1: neither'],
])('refuses %j', (text, message) => {
  expect(() => parsePlainYaml(text)).toThrow(message)
})
