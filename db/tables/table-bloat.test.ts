import { expect, it } from 'vitest'
import { withBloat, worthRewriting } from './table-bloat'

const MB = 1024 ** 2
const row = (relid: number, rebuilt: number | null, more = {}) => ({
  relid,
  schemaname: 'public',
  relname: `t${relid}`,
  relkind: 'r' as const,
  owner: relid,
  owner_schema: 'public',
  owner_name: `t${relid}`,
  relisshared: false,
  in_recovery: false,
  bytes: 10 * MB,
  rebuilt_bytes: rebuilt,
  plus_minus: rebuilt === null ? null : 3,
  withheld: rebuilt === null ? 'never analyzed' : null,
  fix: null,
  index_bytes: null,
  index_rebuilt_bytes: null,
  ...more,
})
const table = (relid: number, kind: 'table' | 'partitioned table' | 'partition', root: number | null = null) => ({ relid, kind, root })

it('gives a table its heap and its TOAST, and a partitioned one what is known of its partitions', () => {
  const rows = [row(1, 4 * MB), row(9, 1 * MB, { relkind: 't', owner: 1 }), row(3, 5 * MB), row(4, null)]
  const tables = [table(1, 'table'), table(2, 'partitioned table'), table(3, 'partition', 2), table(4, 'partition', 2), table(5, 'table')]
  const [plain, root, , part, small] = withBloat(tables, rows).map(({ bloat }) => bloat)
  expect(plain).toMatchObject({ heap: { bloatBytes: 6 * MB }, toast: { bloatBytes: 9 * MB } })
  expect(root).toMatchObject({ heap: { bloatBytes: 5 * MB, bloatRatio: 0.5, trust: { kind: 'estimated', plusMinus: 3 } } })
  expect(part?.heap).toMatchObject({ bloatBytes: null, trust: { kind: 'withheld', reason: 'never analyzed' } })
  expect(small).toBeNull()
})

it('asks for a rewrite only where even the least bloat of the ± is half of the file', () => {
  const bloat = (bloatRatio: number, plusMinus: number) => ({
    bloatBytes: 5 * MB,
    bloatRatio,
    trust: { kind: 'estimated', plusMinus } as const,
  })
  expect(worthRewriting(bloat(0.56, 5))).toBe(true)
  expect(worthRewriting(bloat(0.54, 5))).toBe(false)
})
