import { z } from 'zod'
import { formatFirst } from '../../domain/format'
import { failed, ok, type Result } from '../../server/problem'
import { runRead } from '../../server/run-read'
import type { Target } from '../../server/target'
import { type Before, type CommandFacts, type Done, defineCommand, line, objectOid, type PreflightCheck } from '../define-command'
import { commandRelation } from '../facts/relation'
import type { Plan } from '../plan'
import { brokenMinor, temporary } from '../preflight/concurrent-build'
import { pace } from '../preflight/every-run'
import { longTransactions } from '../preflight/long-transactions'
import { otherWork, tableInUse } from '../preflight/other-work'
import { prepared } from '../preflight/prepared'
import { privilege } from '../preflight/privilege'
import { searchPath } from '../preflight/search-path'
import { slots } from '../preflight/slots'
import { standby } from '../preflight/standby'
import { besideWrites, spoken } from '../sql'
import { BUILD_BESIDE, inSteps, RUN } from '../work'
import { type AttachFacts, loadAttach } from './facts'
import { attachIndexPartitionRequest } from './request'

type Check = PreflightCheck<AttachFacts>

const building: Check = async (_target, { facts: { building: pids, table_name: table } }) =>
  pids.length === 0
    ? ok(null)
    : line(
        'building',
        'stop',
        `Pid ${formatFirst(pids.map(String))} is building an index there`,
        `It may be one that ${table} or a partition of it lacks. Plan again when that ends.`,
      )

/** The server compares definitions when it attaches, and refuses what differs; what is planned was compared the same way. */
const matches: Check = async (_target, { facts: { repair } }) => {
  const made = repair?.steps.filter(({ builds }) => builds !== null).length ?? 0
  const attached = repair?.lacking.length ?? 0
  return line(
    'partitions',
    'pass',
    'The definitions match',
    `${made} of ${attached} indexes to be attached are built from the definition of the whole; the others are printed like it.`,
  )
}

const partitionRights: Check = async (_target, { server, facts: { closed: all } }) => {
  if (all.length === 0) return ok(null)
  const others = all.filter(({ owned }) => !owned)
  const closed = all.filter(({ owned }) => owned)
  return line(
    'partition-privilege',
    'stop',
    `${server.role} may not make an index on ${formatFirst(all.map(({ schemaname, relname }) => spoken(schemaname, relname)))}`,
    [
      ...(others.length > 0 ? [`Only the owner may: ${formatFirst([...new Set(others.map(({ owner }) => owner))])}.`] : []),
      ...(closed.length > 0
        ? [`CREATE is missing on schema ${formatFirst([...new Set(closed.map(({ schemaname }) => schemaname))])}.`]
        : []),
    ].join(' '),
  )
}

/** ALTER INDEX … ATTACH PARTITION, and what has to come before it; https://www.postgresql.org/docs/current/sql-alterindex.html */
export const attachIndexPartition = defineCommand({
  name: attachIndexPartitionRequest.command,
  about: 'Makes a partitioned index valid: builds what its partitions lack, rebuilds what is invalid there, and attaches it',
  input: z.strictObject({
    /** indexrelid of the partitioned index at the top. */
    oid: objectOid,
  }),
  face: { verb: 'Attach partitions', verbs: 'Repair # indexes', does: { did: 'every partition has its index, and the whole is valid' } },
  measures: 'nothing',
  weight: 'heavy',
  facts: (target, { oid }) => loadAttach(target, oid),
  plan: (_input, facts) => planAttach(facts),
  preflight: [
    standby,
    building,
    searchPath,
    brokenMinor,
    temporary,
    matches,
    longTransactions,
    otherWork,
    tableInUse,
    prepared,
    slots,
    pace('maintenance_work_mem'),
    privilege('may_drop'),
    partitionRights,
  ],
  done: attached,
  look: async (target, { object }) => {
    const found = await loadAttach(target, object.oid)
    if (!found.ok) return { checkedAfter: `could not look: ${found.problem.message}` }
    const { indisvalid, repair } = found.value.facts
    if (indisvalid) return { checkedAfter: 'valid: every partition has its index' }
    const lacking = repair?.lacking.length ?? 0
    const why =
      lacking === 0
        ? 'an index of a partition is invalid'
        : `${lacking} ${lacking === 1 ? 'partition lacks its' : 'partitions lack their'} index`
    return { checkedAfter: `invalid: ${why}. Planned again, it goes on from there` }
  },
})

function planAttach({ object, facts }: CommandFacts<AttachFacts>): Result<Plan> {
  const { repair } = facts
  if (facts.indisvalid) return failed('conflict', `${object.relname} is valid: every partition has its index`)
  if (!repair) return failed('lock_not_available', `A lock hides the definition of ${object.relname}: plan again when it is released`)
  if (repair.unable !== null) return failed('conflict', `${object.relname} cannot become valid as things are: ${repair.unable}`)
  if (repair.steps.length === 0)
    return failed(
      'conflict',
      `ATTACH PARTITION does not make ${object.relname} valid: another index in its place does, by the SQL of the finding`,
    )
  const { steps, lacking, broken } = repair
  const builds = steps.flatMap(({ builds }) => builds ?? [])
  const [concurrent, shutsOut] = [steps.some((step) => step.concurrent), steps.some((step) => step.shutsOut)]
  return ok({
    title: `Attach the partitions of ${object.relname}`,
    ...inSteps(concurrent ? BUILD_BESIDE : RUN, steps),
    steps: steps.map(({ name }) => ({ name })),
    parts: builds,
    dropsCopy: true,
    ...(concurrent ? { writesIndexes: 'anew' as const, calls: 'indexes' as const } : {}),
    locks: [
      ...(shutsOut
        ? [
            {
              mode: 'AccessExclusiveLock' as const,
              relation: 'each partition that gets the constraint',
              waits: 'Every query on that partition waits for the moment in which its index becomes a constraint, which reads nothing.',
            },
          ]
        : []),
      {
        mode: 'AccessExclusiveLock',
        relation: "each partition's index, while it is attached",
        waits: 'Queries on that partition wait at planning for that moment. Nothing is read.',
      },
      ...(concurrent ? [besideWrites(`each of the partitions of ${spoken(facts.table_schema, facts.table_name)}, one after another`)] : []),
    ],
    effect: [
      ...(builds.length > 0 ? [`Builds the index on ${builds.length} of the partitions, one after another, while writes continue.`] : []),
      ...(broken.length > 0 ? [`Rebuilds ${formatFirst(broken)}, which is invalid.`] : []),
      lacking.length > 0
        ? `Attaches the index of ${formatFirst(lacking)}. With the last one the index of the whole is valid, and the planner may use it.`
        : 'Attaches one index once more, after which the server looks whether all are valid and marks the whole as valid.',
      'A step that does not get its lock within 2 s is retried until the run gives up.',
      'There is no way back: the index of a partition cannot be detached, and is dropped only with the whole.',
    ],
    cancel:
      'Cancel at any time. What was attached by then stays; the index of the whole is invalid until all are. Planned again, it goes on from there. The partition that was being built is left with an invalid index, which is rebuilt then.',
    phrase: object.relname,
    alwaysTyped: false,
    undo: null,
    prediction: null,
  })
}

/** Done when the whole is valid; partly, when more partitions have it than before. */
async function attached(target: Target, { object, files }: Before): Promise<Result<Done>> {
  const rows = await runRead(target, commandRelation, { oid: object.oid })
  if (!rows.ok) return rows
  const [index] = rows.value
  if (!index) return ok('no')
  if (index.indisvalid) return ok('yes')
  return ok(index.indexes.length > files.length ? 'partly' : 'no')
}
