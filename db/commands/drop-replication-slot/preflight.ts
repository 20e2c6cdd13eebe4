import { formatBytes, formatFirst, formatMoment } from '../../domain/format'
import { identifier } from '../../server/identifiers'
import { ok } from '../../server/problem'
import { line, type PreflightCheck } from '../define-command'
import { mayCheckpoint } from '../make-checkpoint/preflight'
import type { SlotFacts } from './facts'

type Check = PreflightCheck<SlotFacts>

/** The server refuses to drop a slot that is acquired; one whose consumer is connected would be acquired again at once. */
const inUse: Check = async (_target, { facts }) => {
  const { slot_name: slot, consumers, active_pid: active, inactive_since: since } = facts
  if (active === null && consumers.length === 0)
    return line(
      'in-use',
      'pass',
      'Nobody uses it',
      since === null ? 'No process has acquired it, and none is connected under its name.' : `Not in use since ${formatMoment(since)}.`,
    )
  const who = consumers.map(
    ({ pid, application_name: name, client }) => `${name || 'pid'} ${name ? `(pid ${pid})` : pid}${client ? ` from ${client}` : ''}`,
  )
  return line(
    'in-use',
    'stop',
    active === null ? 'Its consumer is connected' : `${slot} is active`,
    `${formatFirst(who.length > 0 ? who : [`pid ${active}`])} is connected. Stop the standby, or disable the subscription, first.`,
  )
}

/** What whoever reads from it would have to do. */
const consumerLost: Check = async (_target, { facts }) => {
  const { slot_type: type, wal_status: status, invalidation_reason: reason, database, plugin, failover } = facts
  if (status === 'lost' || reason !== null)
    return line(
      'consumer',
      'pass',
      'It is lost already',
      `The server has removed what it stood for${reason ? ` (${reason})` : ''}: nobody can go on from it.`,
    )
  const copies = failover ? ' Its copies on standbys go, too.' : ''
  return type === 'logical'
    ? line(
        'consumer',
        'warn',
        'Its subscriber would have to be copied anew',
        `It decodes ${database} for ${plugin}. Changes from where it stands on are lost to a subscriber that still needs them.${copies}`,
      )
    : line(
        'consumer',
        'warn',
        'A standby that needs it may have to be made anew',
        'When it comes back, it finds its WAL in an archive, in wal_keep_size, or not at all.',
      )
}

/** pg_drop_replication_slot asks for REPLICATION or a superuser (manual, 9.28.6). */
const mayDrop: Check = async (_target, { server, facts }) =>
  facts.may_drop
    ? line('privilege', 'pass', 'Privilege', `${server.role} ${server.isSuperuser ? 'is a superuser' : 'has REPLICATION'}`)
    : line(
        'privilege',
        'stop',
        `${server.role} may not drop a slot`,
        `ALTER ROLE ${identifier(server.role)} REPLICATION would allow it. That role could then read all of the cluster's WAL, too.`,
      )

const freed: Check = async (_target, { facts: { retained, freed: bytes, also, archive_fails: fails } }) => {
  if (retained === null) return line('wal', 'pass', 'It keeps no WAL', 'Nothing is freed.')
  if (fails)
    return line(
      'wal',
      'warn',
      'The archiver fails',
      `WAL files stay until they are archived, whatever slots are dropped. This one keeps ${formatBytes(retained)}.`,
    )
  if (also !== null)
    return line(
      'wal',
      'pass',
      'Another slot keeps the same WAL',
      `${also} stands at the same place or before it, so nothing is freed until it moves on.`,
    )
  return line('wal', 'pass', `It keeps ${formatBytes(retained)} of WAL`, `${formatBytes(bytes ?? 0)} of it nothing else keeps.`)
}

/** Only where the plan makes one. */
const checkpointToo: Check = async (target, context, plan) =>
  plan.statements.includes('CHECKPOINT') ? mayCheckpoint(target, context, plan) : ok(null)

export const SLOT_CHECKS: Check[] = [inUse, consumerLost, mayDrop, freed, checkpointToo]
