import type { Client } from 'pg'
import { indexTraps } from './index-traps'
import { KEY_PARENTS, type KeyTrap, keyTraps } from './key-traps'
import { onceTraps } from './once-traps'
import { KINDS, type Label, type Trap } from './trap'

/** A catalog whose right answers are known, and the statements that its application sends. */
export interface Labelled {
  /** By the index's name. */
  labels: Map<string, Label>
  /** Lists of indexes of which exactly one stays, and the others go. */
  oneStays: string[][]
  /** Lists of indexes of which at least one must stay. */
  oneKept: string[][]
  keys: { name: string; table: string; key: KeyTrap['key'] }[]
  workload: string[]
  /** When the workload began, by the clock of this process; ms since the epoch. */
  began: number
}

const [INT] = KINDS
const EXTENSIONS = ['pg_trgm', 'btree_gist', 'btree_gin', 'intarray']

/** How often each statement of the workload is sent. */
const TIMES = 20

/** One trap as a table: its statements, and what it adds to the right answers. */
function lay(trap: Trap, kind: (typeof KINDS)[number], into: Labelled): string[] {
  const table = trap.once ? trap.name : `${trap.name}_${kind.type}`
  for (const [suffix, label] of Object.entries(trap.labels)) into.labels.set(`${table}_${suffix}`, label)
  for (const some of trap.oneStays ?? []) into.oneStays.push(some.map((suffix) => `${table}_${suffix}`))
  into.workload.push(...(trap.workload?.(table, kind) ?? []))
  return trap.sql(table, kind)
}

function layKey(trap: KeyTrap, into: Labelled): string[] {
  const table = trap.name
  for (const suffix of trap.useless ?? []) into.labels.set(`${table}_${suffix}`, 'unused')
  for (const some of trap.oneKept ?? []) {
    for (const suffix of some) into.labels.set(`${table}_${suffix}`, some.length === 1 ? 'keep' : 'open')
    into.oneKept.push(some.map((suffix) => `${table}_${suffix}`))
  }
  into.keys.push({ name: `${table}_fk`, table, key: trap.key })
  into.workload.push(`select * from ${table} limit 1`)
  return trap.sql(table)
}

/** Makes the labelled catalog in an empty database and sends its workload, which is what the counters then know. */
export async function makeLabelled(client: Client, major: number): Promise<Labelled> {
  if (!INT) throw new Error('No kind of value')
  const labelled: Labelled = { labels: new Map(), oneStays: [], oneKept: [], keys: [], workload: [], began: 0 }
  const here = ({ since = 0 }: { since?: number }) => major >= since
  const statements = [
    ...EXTENSIONS.map((name) => `create extension ${name}`),
    ...indexTraps.filter(here).flatMap((trap) => KINDS.flatMap((kind) => lay(trap, kind, labelled))),
    ...onceTraps.filter(here).flatMap((trap) => lay(trap, INT, labelled)),
    ...KEY_PARENTS,
    ...keyTraps.filter(here).flatMap((trap) => layKey(trap, labelled)),
    'vacuum analyze',
  ]
  for (const statement of statements) await client.query(statement)
  labelled.began = Date.now()
  for (const statement of labelled.workload) for (let time = 0; time < TIMES; time++) await client.query(statement)
  return labelled
}
