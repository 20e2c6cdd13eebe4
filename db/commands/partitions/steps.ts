import type { IndexStmt } from 'libpg-query'
import { qualified } from '../../server/identifiers'
import { fingerprintOf, parseSql } from '../../server/parse-sql'
import { failed, ok, type Result } from '../../server/problem'
import { runRead } from '../../server/run-read'
import type { Target } from '../../server/target'
import { isSameShape } from '../definition/shape'
import type { IndexDefinition } from '../facts/index-definition'
import type { SentStep } from '../work'
import { namesFor } from './names'
import { type PartitionNode, partitionTree } from './reads'

/** How the index of a partitioned table is built beside writes: partition by partition. */
export interface Steps {
  /** In this order, without what is set for them. */
  statements: SentStep[]
  /** On which table each of these works. */
  tables: { name: string }[]
  /** Names of the partitions' indexes that are built. */
  parts: string[]
  /** Partitions that hold rows here, and those that have the index already. */
  leaves: number
  have: number
  /** Foreign tables, which get none. */
  foreign: string[]
  /** An earlier run left some of it. */
  resumes: boolean
}

interface Context {
  wanted: IndexDefinition
  nodes: PartitionNode[]
  names: Map<number, string[]>
  steps: Steps
}

/**
 * What is left to do for an index of a partitioned table: made on the parent alone, then on each partition CONCURRENTLY and attached,
 * which makes it valid with the last (manual, CREATE INDEX). Where a partition is a foreign table the parent's index would stay invalid
 * for ever; there it is made last, and takes the partitions' indexes as they are. What an earlier try left is used.
 * Errors: conflict for what is not partitioned, lock_not_available while a lock hides an index, conflict where what is there cannot be completed, and as reads.
 */
export async function loadSteps(target: Target, relid: number, asked: IndexDefinition): Promise<Result<Steps>> {
  const wanted = { ...asked, tree: bareColumns(asked.tree) as IndexStmt }
  const tree = await runRead(target, partitionTree, { relid })
  if (!tree.ok) return tree
  const nodes = tree.value
  const [root] = nodes
  if (root?.relkind !== 'p') return failed('conflict', root ? `${root.relname} is not partitioned` : 'The table is gone')
  const hidden = nodes.filter(({ indexes }) => indexes === null)
  if (hidden.length > 0)
    return failed('lock_not_available', `Somebody holds ${hidden.map(({ relname }) => relname).join(', ')}: its indexes cannot be read now`)
  const names = await namesFor(target, nodes, wanted.idxname)
  if (!names.ok) return names
  const leaves = nodes.filter(({ relkind }) => relkind === 'r').length
  const foreign = nodes.filter(({ relkind }) => relkind === 'f').map(({ relname }) => relname)
  const context: Context = {
    wanted,
    nodes,
    names: names.value,
    steps: { statements: [], tables: [], parts: [], leaves, have: 0, foreign, resumes: false },
  }
  const own = await ownOf(root, [wanted.idxname], null, wanted.tree)
  const done = await visit(context, root, wanted.idxname, own)
  if (!done.ok) return done
  context.steps.resumes = own !== null && !own.isValid
  return ok(context.steps)
}

function add(steps: Steps, { relname }: PartitionNode, sql: string, concurrent = false): void {
  steps.statements.push({ sql, concurrent })
  steps.tables.push({ name: relname })
}

type Index = NonNullable<PartitionNode['indexes']>[number]

/** The index of a node that is this one's: attached to its parent's, or under its name, or built by somebody and of the same kind. */
async function ownOf({ indexes, depth }: PartitionNode, names: string[], parent: Index | null, tree: IndexStmt): Promise<Index | null> {
  const attached = parent && indexes?.find((index) => index.parent === parent.oid)
  if (attached) return attached
  for (const index of indexes ?? [])
    if (names.includes(index.relname) && index.parent === null && (await isSameShape(index.definition, tree, true))) return index
  if (depth === 0) return null
  for (const index of indexes ?? [])
    if (index.isValid && index.parent === null && (await isSameShape(index.definition, tree, false))) return index
  return null
}

/** Lets a partitioned table have it, and all below. */
async function visit(context: Context, node: PartitionNode, name: string, own: Index | null): Promise<Result<null>> {
  const { wanted, nodes, steps } = context
  const children = nodes.filter(({ parent }) => parent === node.oid)
  const isLast = children.some(({ relkind }) => relkind === 'f')
  if (own && isLast && !own.isValid)
    return failed(
      'conflict',
      `${own.relname} is there, invalid, and stays so: a partition of ${node.relname} is a foreign table. Drop it first.`,
    )
  if (!own && !isLast) add(steps, node, await written(wanted, node, name, 'only'))
  for (const child of children) {
    if (child.relkind === 'f') continue
    const names = context.names.get(child.oid) ?? []
    const found = await ownOf(child, names, own, wanted.tree)
    const called = found?.relname ?? names[0]
    if (called === undefined) return failed('conflict', `No name is free for the index of ${child.relname}: choose another for the whole`)
    if (child.relkind === 'p') {
      const done = await visit(context, child, called, found)
      if (!done.ok) return done
    } else await build(context, child, called, found)
    const isAttached = found !== null && own !== null && found.parent === own.oid
    if (!isAttached && (own || !isLast))
      add(
        steps,
        child,
        `ALTER INDEX ${qualified(node.schemaname, own?.relname ?? name)} ATTACH PARTITION ${qualified(child.schemaname, called)}`,
      )
  }
  if (!own && isLast) add(steps, node, await written(wanted, node, name, 'whole'))
  return ok(null)
}

/** Lets a partition with rows have it. */
async function build({ wanted, steps }: Context, node: PartitionNode, name: string, found: Index | null): Promise<void> {
  if (found?.isValid) {
    steps.have += 1
    return
  }
  // What a build that was cut off left behind.
  if (found) add(steps, node, `DROP INDEX CONCURRENTLY ${qualified(node.schemaname, name)}`, true)
  steps.parts.push(name)
  add(steps, node, await written(wanted, node, name, 'concurrently'), true)
}

/** The definition for another table, under another name. Errors: throws where the deparser writes something else than it was given. */
async function written(
  wanted: IndexDefinition,
  node: PartitionNode,
  idxname: string,
  how: 'only' | 'concurrently' | 'whole',
): Promise<string> {
  const { deparse } = await import('pgsql-deparser')
  // The parser leaves out what is false, and the deparser goes by that.
  const relation = { schemaname: node.schemaname, relname: node.relname, ...(how !== 'only' && { inh: true }), relpersistence: 'p' }
  const tree: IndexStmt = { ...wanted.tree, idxname, relation, concurrent: how === 'concurrently' }
  const statement = await deparse({ IndexStmt: tree }, { pretty: false })
  const again = await parseSql(statement)
  const [one, ...more] = again.ok ? again.value : []
  const said = (stmt: IndexStmt) => fingerprintOf({ ...stmt, concurrent: stmt.concurrent ?? false })
  if (!one || more.length > 0 || !('IndexStmt' in one.tree) || said(one.tree.IndexStmt) !== said(tree))
    throw new Error(`The definition cannot be written for ${node.relname}: ${statement}`)
  return statement
}

/** A column under its name alone: before it would stand the parent's. */
function bareColumns(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bareColumns)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (key !== 'ColumnRef') return [key, bareColumns(inner)]
      const { fields = [] } = inner as { fields?: unknown[] }
      return [key, { ...(inner as object), fields: fields.slice(-1) }]
    }),
  )
}
