import { z } from 'zod'
import { formatFirst } from '../../domain/format'
import { failed, ok, type Result } from '../../server/problem'
import { attachPartitionRequest } from '../attach-partition/request'
import { type CommandFacts, type Done, defineCommand, line, objectOid, type PreflightCheck } from '../define-command'
import { CONCURRENTLY } from '../face'
import { loadMembership, type MembershipFacts, membershipNow } from '../partition-membership/facts'
import { ownsBoth, parentInUse, parentWork } from '../partition-membership/preflight'
import type { Plan } from '../plan'
import { longTransactions } from '../preflight/long-transactions'
import { otherWork, tableInUse } from '../preflight/other-work'
import { prepared } from '../preflight/prepared'
import { standby } from '../preflight/standby'
import { besideWrites, nameOf, spoken } from '../sql'
import { beside, briefly, RUN } from '../work'
import { detachPartitionRequest } from './request'

type Check = PreflightCheck<MembershipFacts>

/** Rows that a foreign key points at keep a partition from being detached: the server looks for them in every table that refers. */
const referenced: Check = async (_target, { facts: { referenced_by: keys } }) =>
  keys.length === 0
    ? ok(null)
    : line(
        'foreign-keys',
        'warn',
        'Foreign keys point at the partitioned table',
        `${formatFirst(keys)}. The server reads those tables, and refuses to detach while a row of theirs points into the partition.`,
      )

const otherPending: Check = async (_target, { facts: { other_pending: other } }) =>
  other === null
    ? ok(null)
    : line('pending', 'stop', `${other} is being detached`, 'A DETACH CONCURRENTLY was cut off, or is at work. Finish that one first.')

/** The plain form waits for nobody but its locks. */
const waitsForOthers: Check = async (target, context, plan) =>
  plan.form === 'concurrently' ? longTransactions(target, context, plan) : ok(null)

/** ALTER TABLE … DETACH PARTITION; https://www.postgresql.org/docs/current/sql-altertable.html */
export const detachPartition = defineCommand({
  name: detachPartitionRequest.command,
  about: 'Takes a partition out of its table: it stays, with its rows, as a table of its own',
  input: z.strictObject({
    /** The partition's OID. */
    oid: objectOid,
    /** Left out: where PostgreSQL can. */
    concurrently: z.boolean().optional(),
  }),
  face: {
    verb: 'Detach partition',
    verbs: 'Detach # partitions',
    takes: 'object',
    options: [CONCURRENTLY],
    does: { did: 'the partition is a table of its own' },
  },
  measures: 'nothing',
  weight: 'light',
  form: ['concurrently'],
  facts: async (target, { oid, concurrently }) => {
    const found = await loadMembership(target, oid, null)
    if (!found.ok) return found
    const { pending, default_partition: byDefault } = found.value.facts
    return ok({ ...found.value, chosen: { concurrently: concurrently ?? (pending || byDefault === null) } })
  },
  plan: ({ concurrently }, context) => planDetach(concurrently, context),
  preflight: [standby, otherPending, referenced, waitsForOthers, otherWork, parentWork, tableInUse, parentInUse, prepared, ownsBoth],
  done: async (target, { object }): Promise<Result<Done>> => {
    const now = await membershipNow(target, object.oid)
    return now.ok ? ok(now.value === 'yes' ? 'no' : now.value === 'partly' ? 'partly' : 'yes') : now
  },
  look: async (target, { object }) => {
    const now = await membershipNow(target, object.oid)
    if (!now.ok) return { checkedAfter: `could not look: ${now.problem.message}` }
    if (now.value === 'partly')
      return { checkedAfter: 'half-way: no query of the partitioned table reads it any more. Detach it once more to finish' }
    return { checkedAfter: now.value === 'yes' ? 'still a partition' : 'a table of its own' }
  },
})

function planDetach(asked: boolean | undefined, { object, facts }: CommandFacts<MembershipFacts>): Result<Plan> {
  const { bound, pending, default_partition: byDefault, parent_schema: schemaname, parent_name: relname, parent } = facts
  const concurrently = asked ?? (pending || byDefault === null)
  if (!facts.attached) return failed('conflict', `${object.relname} is no partition`)
  if (bound === null) return failed('lock_not_available', `A lock hides the bound of ${object.relname}: plan again when it is released`)
  if (concurrently && byDefault !== null && !pending)
    return failed('conflict', `${relname} has a default partition, ${byDefault}: PostgreSQL then detaches without CONCURRENTLY only`)
  const [above, own] = [nameOf({ schemaname, relname }), nameOf(object)]
  const form = pending ? ' FINALIZE' : concurrently ? ' CONCURRENTLY' : ''
  const sql = `ALTER TABLE ${above} DETACH PARTITION ${own}${form}`
  return ok({
    title: `Detach ${object.relname} from ${relname}`,
    ...(concurrently || pending
      ? beside([{ name: 'Mark' }, { name: 'Wait for old transactions' }, { name: 'Detach' }], sql)
      : briefly(RUN, sql)),
    locks: [
      {
        mode: 'AccessExclusiveLock',
        relation: spoken(object.schemaname, object.relname),
        waits:
          concurrently || pending
            ? 'Who uses the partition by its own name waits for a moment, at the end.'
            : 'Every query on the partition waits for a moment.',
      },
      concurrently || pending
        ? besideWrites(spoken(schemaname, relname))
        : {
            mode: 'AccessExclusiveLock',
            relation:
              byDefault === null || facts.is_default ? spoken(schemaname, relname) : `${spoken(schemaname, relname)} and ${byDefault}`,
            waits: 'Every query on the whole table waits for that moment, reads too.',
          },
    ],
    effect: [
      `${object.relname} stays with its rows, indexes and constraints, and ${relname} does not show its rows any more. New rows for ${bound} ${byDefault !== null && !facts.is_default ? `go to ${byDefault}` : 'are refused'}.`,
      ...(pending
        ? ['Finishes a DETACH CONCURRENTLY that was cut off: queries do not read the partition any more.']
        : concurrently
          ? [
              'Waits for all transactions that use the table. A CHECK constraint of the same bound is left on it, by which it can be attached again without a scan.',
            ]
          : ['Each attempt waits at most 2 s for the locks, so that no session queues behind it for longer.']),
    ],
    cancel:
      concurrently || pending
        ? 'Cancel at any time. From the second phase on the partition is left half-way, and is to be detached once more.'
        : 'Cancel at any time. Nothing is changed then.',
    meanwhile:
      concurrently || pending
        ? `Reads and writes of ${relname} go on. Who uses ${object.relname} by its own name waits for a moment, at the end.`
        : 'Reads and writes wait for a moment.',
    phrase: object.relname,
    alwaysTyped: true,
    undo: `ALTER TABLE ${above} ATTACH PARTITION ${own} ${bound}`,
    undoWith: attachPartitionRequest({ oid: object.oid, parent, bound }),
    prediction: null,
  })
}
