import { expect, it } from 'vitest'
import type { IndexFinding } from '@/db/indexes/index-finding'
import { dropRequest, rebuildRequest, rebuildVerb } from './index-requests'
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

it.each([
  ['a bloated one', { verdict: 'bloated' }, 'reindex-index', { oid: 7, concurrently: true }, 'Rebuild'],
  ['that of an exclusion constraint', { exclusion: true }, 'reindex-index', { oid: 7, concurrently: false }, 'Rebuild'],
  [
    'one that lacks partitions',
    { invalid: { action: 'attach', sql: null, title: '' } },
    'attach-index-partition',
    { oid: 7 },
    'Attach partitions',
  ],
] as const)('asks for what fixes %s', (_, over, command, input, verb) => {
  const asked = rebuildRequest(finding(over))
  expect([asked.command, asked.input, rebuildVerb(finding(over))]).toEqual([command, input, verb])
})
