import type { Client } from 'pg'
import type { Proposals } from './judge'
import type { Labelled } from './labelled'

/** What came of following every proposal in a copy of the database. One sentence each. */
export interface Trial {
  followed: number
  errors: string[]
  keysUnserved: string[]
  turnedSequential: string[]
}

/** A node of EXPLAIN (FORMAT JSON), as far as it is looked at. */
interface Node {
  'Node Type': string
  'Index Cond'?: string
  Plans?: Node[]
}

async function nodes(client: Client, statement: string): Promise<Node[]> {
  const { rows } = await client.query(`explain (format json) ${statement}`)
  const all = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(all)]
  return all(rows[0]['QUERY PLAN'][0].Plan)
}

/** Whether the planner reads a table from its beginning to its end for this statement. */
const isSequential = async (client: Client, statement: string): Promise<boolean> =>
  (await nodes(client, statement)).some((node) => node['Node Type'] === 'Seq Scan')

/** The key's own check on the side that refers (ri_triggers.c), for a value that is never there. */
async function checkStatement(client: Client, key: string): Promise<string> {
  const { rows } = await client.query(
    `select format('select 1 from %s%s x where %s', case when t.relkind = 'p' then '' else 'only ' end, f.conrelid::regclass,
            string_agg(format('x.%I operator(pg_catalog.=) null::%s%s', a.attname, format_type(p.atttypid, p.atttypmod),
                              coalesce(' collate ' || case when p.attcollation <> 0 then p.attcollation::regcollation::text end, '')), ' and '))
     from pg_constraint f
     join pg_class t on t.oid = f.conrelid
     cross join lateral unnest(f.conkey, f.confkey) k (here, there)
     join pg_attribute a on a.attrelid = f.conrelid and a.attnum = k.here
     join pg_attribute p on p.attrelid = f.confrelid and p.attnum = k.there
     where f.conname = $1 and f.conparentid = 0
     group by t.relkind, f.conrelid`,
    [key],
  )
  return rows[0].format
}

/** Whether the planner would read an index for the key's check, on every partition, were sequential scans forbidden. */
export async function isServed(client: Client, key: string): Promise<boolean> {
  // A null is folded to "no row": a parameter is not.
  const statement = (await checkStatement(client, key)).replaceAll(/null::/g, '(select null limit 1)::')
  await client.query('set enable_seqscan = off')
  const plan = await nodes(client, statement)
  await client.query('reset enable_seqscan')
  const scans = plan.filter((node) => /Scan$/.test(node['Node Type']) && !/Heap|Result/.test(node['Node Type']))
  return scans.length > 0 && scans.every((node) => node['Index Cond'] !== undefined)
}

/** The same on every run. */
function shuffled<T>(all: readonly T[], seed: number): T[] {
  return all
    .map((one, at) => ({ one, key: Math.imul(at + 1, 2654435761 + seed * 40503) >>> 0 }))
    .sort((a, b) => a.key - b.key)
    .map(({ one }) => one)
}

/** Follows every drop in a random order, and asks the planner before and after. `client` is connected to the copy. */
export async function follow(client: Client, labelled: Labelled, { drops }: Proposals, seed: number): Promise<Trial> {
  const served: string[] = []
  // An index whose later column is the key's is read whole: that serves nothing.
  for (const { name, key } of labelled.keys) if (key === 'served' && (await isServed(client, name))) served.push(name)
  const indexed: string[] = []
  for (const statement of labelled.workload) if (!(await isSequential(client, statement))) indexed.push(statement)

  const trial: Trial = { followed: 0, errors: [], keysUnserved: [], turnedSequential: [] }
  for (const { sql } of shuffled([...drops.values()], seed)) {
    trial.followed += 1
    await client.query(sql).catch((error: Error) => trial.errors.push(`${sql} ${error.message}`))
  }
  for (const name of served) if (!(await isServed(client, name))) trial.keysUnserved.push(name)
  for (const statement of indexed) if (await isSequential(client, statement)) trial.turnedSequential.push(statement)
  return trial
}
