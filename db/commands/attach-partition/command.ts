import { z } from 'zod'
import { formatCount, formatFirst } from '../../domain/format'
import { failed, ok, type Result } from '../../server/problem'
import { type CommandFacts, type Done, defineCommand, line, objectOid, type PreflightCheck } from '../define-command'
import { detachPartitionRequest } from '../detach-partition/request'
import { loadMembership, type MembershipFacts, membershipNow } from '../partition-membership/facts'
import { ownsBoth, parentInUse, parentWork } from '../partition-membership/preflight'
import type { Plan } from '../plan'
import { temporary } from '../preflight/concurrent-build'
import { otherWork, tableInUse } from '../preflight/other-work'
import { standby } from '../preflight/standby'
import { besideWrites, nameOf, spoken } from '../sql'
import { briefly, RUN } from '../work'
import { type Bound, readBound } from './bound'
import { attachPartitionRequest } from './request'

type Facts = MembershipFacts & { wanted: Bound }

/** The whole key as one plain column: RANGE (at). */
const PLAIN_KEY = /^(?:RANGE|LIST) \(([a-z_][a-z0-9_]*|"(?:[^"]|"")+")\)$/

/** What its rows must be, as a CHECK that the server takes for proof; null where that is not written here. */
export function checkOf({ range, list }: Bound, key: string | null): string | null {
  const column = PLAIN_KEY.exec(key ?? '')?.[1]
  if (column === undefined) return null
  const parts = range
    ? [range.from === null ? null : `${column} >= ${range.from}`, range.to === null ? null : `${column} < ${range.to}`]
    : list
      ? [`${column} IN (${list.join(', ')})`]
      : []
  return parts.length === 0 ? null : [`${column} IS NOT NULL`, ...parts.filter((part) => part !== null)].join(' AND ')
}

/** Whether all rows are read under the lock: the server skips that where a validated CHECK proves the bound (manual, 5.12.2.2). */
const scan: PreflightCheck<Facts> = async (_target, { object, facts: { checks, wanted, key, rows } }) => {
  if (checks.length > 0)
    return line('scan', 'pass', 'It has validated CHECK constraints', `${formatFirst(checks)}. Where they prove the bound, no row is read.`)
  const check = checkOf(wanted, key)
  const table = nameOf(object)
  const how = check
    ? `Do this first, which blocks nobody for long: ALTER TABLE ${table} ADD CONSTRAINT attachable CHECK (${check}) NOT VALID; ALTER TABLE ${table} VALIDATE CONSTRAINT attachable.`
    : 'A CHECK constraint of the same bound, added NOT VALID and then validated, makes that unnecessary.'
  return rows === 0
    ? line('scan', 'pass', 'It has no CHECK constraint', `Its rows are read under the lock; by the statistics it has none. ${how}`)
    : line(
        'scan',
        'warn',
        'All of its rows are read under the lock',
        `About ${formatCount(Math.round(rows), 'row')}: nothing proves the bound. ${how}`,
      )
}

const defaultScan: PreflightCheck<Facts> = async (_target, { facts: { default_partition: byDefault } }) =>
  byDefault === null
    ? ok(null)
    : line(
        'default-partition',
        'warn',
        `${byDefault} is locked and read`,
        'The default partition must hold no row that belongs into the new one. Reads and writes of it wait, unless a CHECK constraint of it excludes the bound.',
      )

/** ALTER TABLE … ATTACH PARTITION; https://www.postgresql.org/docs/current/sql-altertable.html */
export const attachPartition = defineCommand({
  name: attachPartitionRequest.command,
  about: 'Makes a table a partition of another, for the rows of its bound',
  input: z.strictObject({
    /** The table's OID. */
    oid: objectOid,
    /** That of the partitioned table. */
    parent: objectOid,
    /** FOR VALUES …, or DEFAULT. */
    bound: z.string().min(1).max(10_000),
  }),
  face: { verb: 'Attach partition', verbs: 'Attach # partitions', does: { did: 'the table is a partition' } },
  measures: 'nothing',
  weight: 'light',
  facts: async (target, { oid, parent, bound }) => {
    const wanted = await readBound(bound)
    if (!wanted.ok) return wanted
    const found = await loadMembership(target, oid, parent)
    return found.ok ? ok({ ...found.value, facts: { ...found.value.facts, wanted: wanted.value } }) : found
  },
  plan: (_input, context) => planAttach(context),
  preflight: [standby, temporary, scan, defaultScan, otherWork, parentWork, tableInUse, parentInUse, ownsBoth],
  done: (target, { object }): Promise<Result<Done>> => membershipNow(target, object.oid),
  look: async (target, { object }) => {
    const now = await membershipNow(target, object.oid)
    if (!now.ok) return { checkedAfter: `could not look: ${now.problem.message}` }
    return { checkedAfter: now.value === 'yes' ? 'a partition' : 'a table of its own' }
  },
})

function planAttach({ object, facts }: CommandFacts<Facts>): Result<Plan> {
  const { is_partition: taken, parent_schema: schemaname, parent_name: relname, parent, wanted, default_partition: byDefault } = facts
  if (taken) return failed('conflict', `${object.relname} is a partition already`)
  if (parent === object.oid) return failed('conflict', `${object.relname} cannot be a partition of itself`)
  const [above, own] = [nameOf({ schemaname, relname }), nameOf(object)]
  return ok({
    title: `Attach ${object.relname} to ${relname}`,
    ...briefly(RUN, `ALTER TABLE ${above} ATTACH PARTITION ${own} ${wanted.sql}`),
    calls: 'all',
    locks: [
      {
        mode: 'AccessExclusiveLock',
        relation:
          byDefault === null ? spoken(object.schemaname, object.relname) : `${spoken(object.schemaname, object.relname)} and ${byDefault}`,
        waits: 'Every query on it waits until its rows have been looked through, unless a CHECK constraint makes that unnecessary.',
      },
      besideWrites(spoken(schemaname, relname)),
    ],
    effect: [
      `The rows of ${object.relname} belong to ${relname} from then on, as its partition ${wanted.sql}. It fails, and changes nothing, if one of them does not.`,
      `Indexes that ${relname} has are built on it, where it has no equal one.`,
      'Each attempt waits at most 2 s for the locks, so that no session queues behind it for longer.',
    ],
    cancel: 'Cancel at any time. Nothing is changed then.',
    phrase: object.relname,
    alwaysTyped: true,
    undo: `ALTER TABLE ${above} DETACH PARTITION ${own}`,
    undoWith: detachPartitionRequest({ oid: object.oid }),
    prediction: null,
  })
}
