import { expect, it } from 'vitest'
import type { IndexFinding } from '@/db/checks/index-finding'
import { dropRequest } from './index-requests'
import { mayDrop } from './verdict'

const finding = (over: Partial<IndexFinding>) =>
  ({ indexrelid: 7, indexrelname: 'one', verdict: 'unused', partitions: 0, ...over }) as IndexFinding

it.each([
  ['a plain one', {}, 'drop-index', { oid: 7, concurrently: true }],
  ['a partitioned one', { partitions: 3 }, 'drop-index', { oid: 7, concurrently: false }],
  ['a leftover', { verdict: 'invalid', indexrelname: 'one_ccnew1' }, 'drop-leftover-index', { oid: 7 }],
  ['an invalid one of another name', { verdict: 'invalid' }, 'drop-index', { oid: 7, concurrently: true }],
  ['a valid one with a name like that', { indexrelname: 'one_ccnew' }, 'drop-index', { oid: 7, concurrently: true }],
] as const)('asks for the drop of %s', (_, over, command, input) => {
  expect(dropRequest(finding(over))).toEqual({ command, input })
})

it('offers a drop only where the verdict asks for it and no constraint stands on the index', () => {
  expect(mayDrop({ verdict: 'redundant', conname: null })).toBe(true)
  expect(mayDrop({ verdict: 'invalid', conname: 'one_key' })).toBe(false)
  expect(mayDrop({ verdict: 'bloated', conname: null })).toBe(false)
})
