import { describe, expect, it } from 'vitest'
import { planFrom } from './plan'
import { diffPlans } from './plan-diff'

const node = (type: string, cost: number, more: object = {}, plans: object[] = []) => ({
  ...{ 'Node Type': type, 'Startup Cost': 0, 'Total Cost': cost, 'Plan Rows': 1, 'Plan Width': 4, Plans: plans },
  ...more,
})
const plan = (top: object) => {
  const read = planFrom(JSON.stringify([{ Plan: top }]))
  if (!read) throw new Error('no plan')
  return read
}
const scan = (type: string, cost: number) => node(type, cost, { 'Relation Name': 'orders', Alias: 'o' })

describe('two plans', () => {
  const before = plan(node('Limit', 30, {}, [node('Sort', 25, { 'Sort Key': ['a'] }, [scan('Seq Scan', 20)])]))

  it('that are the same have no changed line', () => {
    expect(diffPlans(before, before)).toMatchObject({ changed: 0, measured: false, lines: [{ added: 0 }, { added: 0 }, { added: 0 }] })
  })

  it('stand with the same nodes beside each other, and what one of them has alone by itself', () => {
    const after = plan(node('Limit', 12, {}, [node('Incremental Sort', 11, {}, [node('Gather', 9, {}, [scan('Seq Scan', 5)])])]))
    const { lines, changed } = diffPlans(before, after)
    expect(lines.map(({ before: one, after: other }) => [one?.type ?? null, other?.type ?? null])).toEqual([
      ['Limit', 'Limit'],
      ['Sort', 'Incremental Sort'],
      [null, 'Gather'],
      ['Seq Scan', 'Seq Scan'],
    ])
    expect(changed).toBe(2)
    expect(lines.map(({ added }) => added)).toEqual([-4, -3, 4, -15])
  })

  it('tell a scan of another index or table from the same one', () => {
    const other = plan(node('Limit', 30, {}, [node('Sort', 25, {}, [node('Seq Scan', 20, { 'Relation Name': 'lines' })])]))
    expect(diffPlans(before, other).changed).toBe(1)
  })

  it('that both ran are compared by time', () => {
    const ran = (ms: number) =>
      plan({ ...scan('Seq Scan', 1), 'Actual Total Time': ms, 'Actual Startup Time': 0, 'Actual Loops': 1, 'Actual Rows': 1 })
    expect(diffPlans(ran(5), ran(8))).toMatchObject({ measured: true, lines: [{ added: 3 }] })
    expect(diffPlans(plan(scan('Seq Scan', 1)), ran(8))).toMatchObject({ measured: false })
  })
})

it('what was pasted is read as EXPLAIN or auto_explain writes it, and nothing else is', () => {
  expect(planFrom(JSON.stringify({ 'Query Text': 'select 1', Plan: node('Result', 1) }))?.nodes).toHaveLength(1)
  for (const text of ['', 'Seq Scan on t (cost=1..2)', '[]', '{}', '[{"Plan": {}}]', 'null']) expect(planFrom(text)).toBeNull()
})
