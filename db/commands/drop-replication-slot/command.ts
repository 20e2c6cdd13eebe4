import { z } from 'zod'
import { formatBytes, formatCount } from '../../domain/format'
import { literal } from '../../server/identifiers'
import { failed, ok, type Result } from '../../server/problem'
import type { Target } from '../../server/target'
import { type Before, type CommandFacts, type Done, defineCommand, type Looked, slotName } from '../define-command'
import type { Plan } from '../plan'
import { untilDone } from '../work'
import { loadSlot, type SlotFacts, slotThere, walSize } from './facts'
import { SLOT_CHECKS } from './preflight'
import { dropReplicationSlotRequest } from './request'

/** pg_drop_replication_slot; https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-REPLICATION */
export const dropReplicationSlot = defineCommand({
  name: dropReplicationSlotRequest.command,
  about: 'Drops a replication slot that nobody uses, so that the WAL and the dead rows that it keeps can go',
  input: z.strictObject({
    /** slot_name. */
    slot: slotName,
    /** Makes a checkpoint right after it, which removes the WAL. */
    checkpoint: z.boolean().default(false),
  }),
  face: {
    verb: 'Drop slot',
    verbs: 'Drop # slots',
    takes: 'object',
    options: [
      {
        key: 'checkpoint',
        label: 'CHECKPOINT',
        about: 'removes the WAL at once, and writes all changed pages as fast as it can. Off: the next checkpoint does it.',
      },
    ],
    does: { did: 'the slot is gone' },
  },
  measures: 'nothing',
  weight: 'light',
  facts: (target, { slot }) => loadSlot(target, slot),
  plan: ({ checkpoint }, facts) => planDrop(checkpoint, facts),
  preflight: SLOT_CHECKS,
  done: async (target, { object }): Promise<Result<Done>> => {
    const there = await slotThere(target, object.relname)
    return there.ok ? ok(there.value ? 'no' : 'yes') : there
  },
  look,
})

function planDrop(checkpoint: boolean, { server, facts }: CommandFacts<SlotFacts>): Result<Plan> {
  const { slot_name: slot, slot_type: type, retained, freed, xmin_age: age } = facts
  if (facts.temporary) return failed('conflict', `${slot} is temporary: it goes with the session that made it`)
  if (facts.synced) return failed('conflict', `${slot} is a copy of a slot of the primary: drop it there, and the copy goes`)
  return ok({
    title: `Drop the replication slot ${slot}`,
    ...untilDone(`SELECT pg_drop_replication_slot(${literal(slot)})`, ...(checkpoint ? ['CHECKPOINT'] : [])),
    locks: [],
    effect: [
      retained === null
        ? 'The slot keeps no WAL any more.'
        : `Up to ${formatBytes(freed ?? 0)} of the ${formatBytes(retained)} of WAL that it keeps can go ${checkpoint ? 'with the checkpoint' : 'at the next checkpoint'}. Files that the server expects to need again are used again instead.`,
      ...(age === null
        ? []
        : [
            `VACUUM can remove rows${type === 'logical' ? ' of the catalogs' : ''} that died in the last ${formatCount(age, 'transaction')}, as far as nobody else keeps them.`,
          ]),
      type === 'logical'
        ? 'There is no way back: a new slot begins at the WAL of its making. Its subscriber has to copy its tables anew: drop the subscription there (with SET (slot_name = NONE) before), and create it again with copy_data.'
        : `There is no way back to this WAL: a slot that is made anew${server.inRecovery ? ' here' : ''} keeps what is written from then on. A standby that lacks the WAL between has to be made anew by a base backup.`,
    ],
    cancel: checkpoint
      ? 'A cancel ends the waiting for the checkpoint alone: the slot is gone then.'
      : 'This takes a moment: there is nothing to cancel.',
    phrase: slot,
    alwaysTyped: true,
    undo: null,
    prediction: null,
  })
}

/** The slot is gone, and how much smaller pg_wal is: other sessions write there meanwhile, and only a checkpoint removes files. */
async function look(target: Target, { object, input, noted }: Before): Promise<Looked> {
  const [there, size] = [await slotThere(target, object.relname), await walSize(target)]
  if (!there.ok) return { checkedAfter: `could not look: ${there.problem.message}` }
  if (there.value) return { checkedAfter: 'still there' }
  if (!size.ok || size.value === null || noted?.wal === undefined) return { checkedAfter: 'gone; the size of pg_wal is not known' }
  const freed = noted.wal - size.value
  const then = input?.checkpoint === true ? '' : '. What it kept goes at the next checkpoint'
  const now = freed > 0 ? `pg_wal is ${formatBytes(freed)} smaller` : `pg_wal has ${formatBytes(size.value)}, no less than before`
  return { checkedAfter: `gone; ${now}${then}` }
}
