import { expect, it } from 'vitest'
import { planFacts } from './plan-facts'

const node = (type: string, more: object = {}) => ({ 'Node Type': type, 'Plan Rows': 100, 'Actual Rows': 100, 'Actual Loops': 1, ...more })
const facts = (plan: object) => planFacts(JSON.stringify([{ Plan: plan }]))

it('names the indexes that were read, each once, and not those of a branch that never ran', () => {
  const read = node('Index Scan', { 'Index Name': 'b' })
  const never = node('Index Scan', { 'Index Name': 'c', 'Actual Loops': 0 })
  expect(facts(node('Append', { Plans: [read, read, never, node('Bitmap Index Scan', { 'Index Name': 'a' })] })).indexes).toEqual([
    'a',
    'b',
  ])
})

it('adds up memory, and counts what went to disk', () => {
  const sort = node('Sort', { 'Sort Space Type': 'Memory', 'Sort Space Used': 100 })
  const hash = node('Hash', { 'Peak Memory Usage': 50, 'Hash Batches': 1 })
  const spilt = node('Sort', { 'Sort Space Type': 'Disk', 'Sort Space Used': 9000 })
  expect(facts({ ...sort, Plans: [{ ...hash, Plans: [spilt, node('Hash', { 'Hash Batches': 4 })] }] })).toMatchObject({
    memoryKb: 150,
    memoryNodes: 2,
    spills: 2,
  })
})

it('takes fewer rows than planned below a LIMIT for no wrong estimate', () => {
  const few = node('Seq Scan', { 'Actual Rows': 10 })
  expect(facts(node('Sort', { Plans: [few] })).worst).toEqual({ factor: 10, node: 'Seq Scan' })
  expect(facts(node('Limit', { Plans: [few] })).worst?.factor).toBe(1)
  expect(facts(node('Limit', { Plans: [node('Seq Scan', { 'Actual Rows': 500 })] })).worst?.factor).toBe(5)
})
