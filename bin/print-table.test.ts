import { expect, it } from 'vitest'
import { cell, tableText } from './print-table'

it('puts rows in columns, numbers to the right', () => {
  const rows = [
    { name: 'a', bytes: 8192, note: null },
    { name: 'longer', bytes: null, note: ['x', 'y'] },
  ]
  expect(tableText(rows)).toBe('name    bytes  note\na        8192\nlonger         x, y\n')
})

it('says so when there are none', () => expect(tableText([])).toBe('No rows.\n'))

it('gives a terminal nothing to obey', () => {
  expect(cell('a\u001b[31m\nb\u202e')).toBe('a\\u001b[31m\\u000ab\\u202e')
})
