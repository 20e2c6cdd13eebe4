import { describe, expect, it } from 'vitest'
import { planFrom } from '../domain/plan'
import { markedSql } from './plan-marks'

const node = (type: string, more: object = {}) => ({
  ...{ 'Node Type': type, 'Startup Cost': 0, 'Total Cost': 1, 'Plan Rows': 1, 'Plan Width': 4 },
  ...more,
})
const marked = async (statement: string, ...below: object[]) => {
  const plan = planFrom(JSON.stringify([{ Plan: { ...node('Limit'), Plans: below } }]))
  if (!plan) throw new Error('no plan')
  const { sql, marks } = await markedSql(statement, plan)
  return Object.fromEntries(plan.nodes.map(({ id, type }) => [type, (marks[id] ?? []).map(({ from, to }) => sql.slice(from, to)).join()]))
}

describe('the part of a statement that belongs to a node', () => {
  it('is the relation that a scan reads, and the clause of what sorts, groups and limits', async () => {
    expect(
      await marked(
        `select "é", count(*) from shop.orders o join "The Lines" l on l.o = o.id group by "é" order by 2 limit $1`,
        node('Sort'),
        node('Aggregate', { Strategy: 'Hashed' }),
        node('Seq Scan', { 'Relation Name': 'orders', Alias: 'o' }),
        node('Index Scan', { 'Relation Name': 'The Lines', Alias: 'l' }),
      ),
    ).toEqual({ Limit: '$1', Sort: '2', HashAggregate: '"é"', 'Seq Scan': 'shop.orders', 'Index Scan': '"The Lines"' })
  })

  it('is not told where two are named alike, or the statement does not name it', async () => {
    expect(
      await marked(
        'select * from t where a in (select a from t limit 1) limit 2',
        node('Seq Scan', { 'Relation Name': 't', Alias: 't' }),
        node('Index Scan', { 'Relation Name': 't', Alias: 't_1' }),
        node('Materialize'),
      ),
    ).toEqual({ Limit: '', 'Seq Scan': '', 'Index Scan': '', Materialize: '' })
  })
})
