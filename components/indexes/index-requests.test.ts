import { expect, it } from 'vitest'
import type { IndexFinding } from '@/db/indexes/index-finding'
import { dropRequest } from './index-requests'
import { mayDrop } from './verdict'

const finding = (over: Partial<IndexFinding>) =>
  ({ indexrelid: 7, indexrelname: 'one', verdict: 'unused', partitioned: false, invalid: null, ...over }) as IndexFinding

it.each([
  ['a plain one', {}, 'drop-index', { oid: 7, concurrently: true }],
  ['a partitioned one', { partitioned: true }, 'drop-index', { oid: 7, concurrently: false }],
  ['a leftover', { verdict: 'invalid', invalid: { action: 'drop', sql: null, title: '' } }, 'drop-leftover-index', { oid: 7 }],
  [
    'an invalid one that is no leftover',
    { verdict: 'invalid', invalid: { action: 'rebuild', sql: null, title: '' } },
    'drop-index',
    { oid: 7, concurrently: true },
  ],
  ['a valid one with a name like that', { indexrelname: 'one_ccnew' }, 'drop-index', { oid: 7, concurrently: true }],
] as const)('asks for the drop of %s', (_, over, command, input) => {
  const asked = dropRequest(finding(over))
  expect({ command: asked.command, input: asked.input }).toEqual({ command, input })
})

it('offers a drop only where the verdict asks for it and no constraint stands on the index', () => {
  expect(mayDrop({ verdict: 'redundant', invalid: null, conname: null })).toBe(true)
  expect(mayDrop({ verdict: 'invalid', invalid: { action: 'rebuild', sql: null, title: '' }, conname: null })).toBe(false)
  expect(mayDrop({ verdict: 'redundant', invalid: null, conname: 'one_key' })).toBe(false)
  expect(mayDrop({ verdict: 'bloated', invalid: null, conname: null })).toBe(false)
})
