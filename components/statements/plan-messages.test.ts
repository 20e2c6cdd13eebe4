import { expect, test } from 'vitest'
import { type Plan, planFrom } from '@/db/domain/plan'
import { aboutNode, detailOf, hottest, ownText, partsOf, planEvidence, planTitle } from './plan-messages'

const node = (type: string, cost: number, more: object = {}, plans: object[] = []) => ({
  ...{ 'Node Type': type, 'Startup Cost': 0, 'Total Cost': cost, 'Plan Rows': 10, 'Plan Width': 4, Plans: plans },
  ...more,
})
const ran = (ms: number, rows: number) => ({ 'Actual Startup Time': 0, 'Actual Total Time': ms, 'Actual Rows': rows, 'Actual Loops': 1 })
const read = (whole: object): Plan => {
  const plan = planFrom(JSON.stringify([whole]))
  if (!plan) throw new Error('no plan')
  return plan
}
const disk = { 'Sort Method': 'external merge', 'Sort Space Type': 'Disk', 'Sort Space Used': 800 }
const blocks = { 'Shared Hit Blocks': 30, 'Shared Read Blocks': 10 }
const analyzed = read({
  Plan: node('Sort', 30, { ...ran(100, 5_000), ...disk, ...blocks, 'Sort Key': ['o.a'] }, [
    node('Seq Scan', 20, { ...ran(60, 5_000), ...blocks, 'Relation Name': 'orders', Alias: 'o', Filter: '(a: b > 5)' }),
  ]),
  'Execution Time': 101,
  'Planning Time': 0.2,
})
const planned = read({ Plan: node('Sort', 30, {}, [node('Seq Scan', 20, { 'Relation Name': 'orders' })]) })

test('a plan says what takes the most of it', () => {
  expect(planTitle(analyzed)).toBe('60% of 100 ms is a Seq Scan on orders o.')
  expect(planTitle(planned)).toBe('67% of the cost is a Seq Scan on orders.')
  expect(planEvidence(planned)).toContain('not run')
  expect(planEvidence(analyzed)).toMatch(/10 rows and returned 5,000.*800 kB on disk/)
})

test('the hottest nodes come first, then spills and the worst estimate', () => {
  expect(hottest(analyzed).map(({ node: { id }, tone }) => [id, tone])).toEqual([
    [1, 'bad'],
    [0, 'warn'],
    [0, 'bad'],
    [0, 'warn'],
  ])
  expect(hottest(read({ Plan: node('Result', 1) }))).toEqual([])
})

test('bars stand for time, cost or blocks', () => {
  expect(partsOf(analyzed, 'self')).toEqual([0.4, 0.6])
  expect(partsOf(analyzed, 'cost')[1]).toBeCloseTo(2 / 3)
  expect(partsOf(analyzed, 'blocks')).toEqual([0, 1])
  expect(partsOf(planned, 'blocks')).toEqual([0, 0])
  expect(analyzed.nodes.map((one) => ownText(one, 'blocks'))).toEqual(['0', '40'])
})

test('a row tells the object, else the condition', () => {
  expect(analyzed.nodes.map(aboutNode)).toEqual(['o.a', 'orders o'])
  expect(detailOf('Filter: (a: b > 5)')).toEqual({ name: 'Filter', value: '(a: b > 5)' })
  expect(detailOf('odd')).toEqual({ name: '', value: 'odd' })
})
