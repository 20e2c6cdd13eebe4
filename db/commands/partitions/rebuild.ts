import { formatFirst } from '../../domain/format'
import { failed, ok, type Result } from '../../server/problem'
import { runRead } from '../../server/run-read'
import type { Target } from '../../server/target'
import { type CommandFacts, type Found, line, type PreflightCheck } from '../define-command'
import type { RelationFacts } from '../facts/load'
import type { Plan } from '../plan'
import { nameOf } from '../sql'
import { type PartitionLeaf, partitionLeaves } from './leaves'

/** What a rebuild of a table or an index plans with. */
export interface RebuildFacts extends RelationFacts {
  /** Of a partitioned one: what is rebuilt, one after another. */
  leaves?: PartitionLeaf[]
}

/** The same with the leaves of what is partitioned. Errors: as its read. */
export async function withLeaves(target: Target, found: Found<RelationFacts>): Promise<Result<Found<RebuildFacts>>> {
  if (found.facts.relkind !== 'p' && found.facts.relkind !== 'I') return ok(found)
  const leaves = await runRead(target, partitionLeaves, { oid: found.object.oid })
  return leaves.ok ? ok({ ...found, facts: { ...found.facts, leaves: leaves.value } }) : leaves
}

/**
 * The statements of a plan for one relation or for one leaf after another, and its steps. PostgreSQL would go through the leaves by
 * itself in one statement, which could not be cut between them, nor told how far it is. Errors: conflict where there is no leaf.
 */
export function rebuildSteps(
  command: string,
  concurrently: boolean,
  write: (name: string) => string,
  { object, facts }: CommandFacts<RebuildFacts>,
): Result<Pick<Plan, 'statements' | 'steps' | 'copyBytes'>> {
  const { leaves, parts } = facts
  if (!leaves) return ok({ statements: [write(nameOf(object))] })
  if (leaves.length === 0) return failed('conflict', `${object.relname} has no partition with an index that could be rebuilt`)
  const sizes = leaves.map(({ indexes }) => indexes.reduce((sum, indexrelid) => sum + (parts[indexrelid] ?? 0), 0))
  return ok({
    statements: leaves.map((leaf) => write(nameOf(leaf))),
    steps: leaves.map(({ oid, relid, partition }) => ({
      name: partition,
      oid,
      partition: relid,
      again: { command, input: { oid, concurrently } },
    })),
    copyBytes: facts.bytes === null ? null : Math.max(...sizes),
  })
}

/** Rights on the whole are none on its partitions, which are rebuilt by their own names. */
export const leafPrivilege: PreflightCheck<RebuildFacts> = async (_target, { facts }) => {
  const foreign = (facts.leaves ?? []).filter(({ may_maintain: may }) => !may).map(({ partition }) => partition)
  if (foreign.length === 0) return ok(null)
  return line(
    'partition-privilege',
    'stop',
    `No right to rebuild ${formatFirst(foreign)}`,
    `Rights on the partitioned table do not reach its partitions: their owner${foreign.length === 1 ? '' : 's'} can, or a role that may act as owner.`,
  )
}
