import type { Client } from 'pg'
import type { Shape } from './bloat-lab-shapes'

/** What an index has lived through before it is measured. */
export interface History {
  name: string
  steps: (table: Table) => string[]
}

/** A table of the lab, and the statements that histories are made of. */
export interface Table {
  create: string
  index: string
  insert: (from: number, to: number) => string
  update: (condition: string, drift?: boolean) => string
  remove: (condition: string) => string
  vacuum: string
  analyze: string
  rows: number
}

export function tableOf(name: string, shape: Shape, rows: number): Table {
  const columns = shape.columns.split(/,\s+(?=[a-z]+ )/).map((column) => column.split(' ')[0] as string)
  const assign = (values: string[]) =>
    columns.map((column, at) => `${column} = ${(values[at] ?? 'null').replaceAll('version', '(version + 1)')}`)
  return {
    create: `create table ${name} (id bigint, version bigint, ${shape.columns}) with (autovacuum_enabled = off);
             ${shape.also?.(name) ?? ''}`,
    index: `create ${shape.unique ? 'unique ' : ''}index ${name}_i on ${name} ${shape.index}`,
    insert: (from, to) =>
      `insert into ${name} select id, version, ${shape.values.join(', ')} from (select id, 0::bigint as version from generate_series(${from}::bigint, ${to}) id) g`,
    update: (condition, drift = false) =>
      `update ${name} set version = version + 1, ${assign(drift ? (shape.drift ?? shape.values) : shape.values).join(', ')} where ${condition}`,
    remove: (condition) => `delete from ${name} where ${condition}`,
    vacuum: `vacuum ${name}`,
    analyze: `analyze ${name}`,
    rows,
  }
}

const tenth = (salt: number, below: number): string => `h(id, ${salt}) % 10 < ${below}`
const churn = (t: Table): string[] => [1, 2, 3].flatMap((round) => [t.update(tenth(700 + round, 3)), t.vacuum])

const fresh: History = { name: 'fresh', steps: (t) => [t.create, t.insert(1, t.rows), t.index, t.vacuum, t.analyze] }
const grown: History = {
  name: 'grown',
  steps: (t) => [t.create, t.index, t.insert(1, t.rows / 2), t.insert(t.rows / 2 + 1, t.rows), t.vacuum, t.analyze],
}
const churned: History = { name: 'churned', steps: (t) => [t.create, t.insert(1, t.rows), t.index, ...churn(t), t.analyze] }
const queue: History = {
  name: 'queue-like',
  steps: (t) => [
    t.create,
    t.index,
    ...[0, 1, 2, 3].flatMap((round) => [
      t.insert((round * t.rows) / 2 + 1, ((round + 1) * t.rows) / 2),
      t.remove(`id <= ${(round * t.rows) / 2}`),
      t.vacuum,
    ]),
    t.analyze,
  ],
}
const purged: History = {
  name: 'purged',
  steps: (t) => [t.create, t.insert(1, t.rows), t.index, t.remove(tenth(711, 6)), t.vacuum, t.analyze],
}
/** ANALYZE saw another distribution than the one that is there. */
const stale: History = {
  name: 'stale statistics',
  steps: (t) => [t.create, t.insert(1, t.rows), t.index, t.analyze, t.update(tenth(721, 4), true), t.vacuum],
}
/** Dead rows that no VACUUM has removed. */
const unvacuumed: History = {
  name: 'unvacuumed',
  steps: (t) => [t.create, t.insert(1, t.rows), t.index, t.vacuum, t.remove(tenth(731, 3)), t.update(tenth(732, 2)), t.analyze],
}

export const ordinaryHistories = [fresh, grown, churned, queue, purged]
export const hardHistories = [grown, churned, purged, stale, unvacuumed]
export const moreHistories = [fresh, grown, churned, purged]

/** Lives one history. Every step is a session of its own, so that its counters are reported at its end. */
export async function live(history: History, table: Table, connect: () => Promise<Client>): Promise<void> {
  for (const step of history.steps(table)) {
    const session = await connect()
    for (const statement of step.split(';')) if (statement.trim()) await session.query(statement)
    await session.end()
  }
}
