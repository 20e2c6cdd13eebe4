import { describe, expect, it } from 'vitest'
import type { IndexFinding } from '@/db/indexes/index-finding'
import type { ListedIndex } from '@/db/indexes/list-indexes'
import { commandsFor, rebuildGain } from './selection-commands'

const index = (indexrelid: number, more: Partial<IndexFinding>) =>
  ({ indexrelid, invalid: null, conname: null, bloatBytes: null, ...more }) as IndexFinding
const missing = (id: number, fix: object | null) => ({ verdict: 'missing', id, finding: { fix } }) as ListedIndex

const idsOf = (rows: ListedIndex[]) => {
  const { drop, create, rebuild, without, indexes } = commandsFor(rows)
  return {
    drop: drop.map(({ indexrelid }) => indexrelid),
    create: create.map(({ id }) => id),
    rebuild: rebuild.map(({ indexrelid }) => indexrelid),
    without: without.map(({ id }) => id),
    indexes: indexes.length,
  }
}

describe('the commands of a selection', () => {
  it('put each row under the one that its verdict asks for', () => {
    const leftover = { action: 'drop', sql: '', title: '' } as const
    const broken = { action: 'rebuild', sql: '', title: '' } as const
    const rows = [
      index(1, { verdict: 'bloated' }),
      index(2, { verdict: 'unused' }),
      index(3, { verdict: 'redundant' }),
      index(4, { verdict: 'invalid', invalid: leftover }),
      index(5, { verdict: 'invalid', invalid: broken }),
      index(6, { verdict: 'healthy' }),
      missing(-7, { command: 'x', input: {} }),
      missing(-8, null),
    ]
    expect(idsOf(rows)).toEqual({ drop: [2, 3, 4], create: [-7], rebuild: [1, 5, 6], without: [-8], indexes: 6 })
  })

  it('never drop what a constraint needs', () => {
    expect(idsOf([index(1, { verdict: 'redundant', conname: 'pk' })])).toMatchObject({ drop: [], rebuild: [1] })
  })

  it('are none for nothing', () => {
    expect(idsOf([])).toEqual({ drop: [], create: [], rebuild: [], without: [], indexes: 0 })
  })
})

it('what a rebuild gives back is summed up where it is known', () => {
  const rows = [index(1, { bloatBytes: 30 }), index(2, { bloatBytes: -5 }), index(3, {})]
  expect(rebuildGain(rows)).toEqual({ bytes: 30, unknown: 1 })
})
