import { z } from 'zod'
import { formatBytes, formatMoment } from '../../domain/format'
import { failed, ok, type Result } from '../../server/problem'
import { runRead } from '../../server/run-read'
import type { Target } from '../../server/target'
import { type Before, type Done, defineCommand, line, type PreflightCheck } from '../define-command'
import { untilDone } from '../work'
import { lastCheckpoint } from './facts'
import { mayCheckpoint } from './preflight'
import { makeCheckpointRequest } from './request'

type Facts = z.output<typeof lastCheckpoint.row>

/**
 * It writes as fast as it can, where the server's own spread over checkpoint_completion_target of the interval (manual, 28.5). What was changed
 * within one WAL file is little: that is the least distance between two checkpoints that max_wal_size can make.
 */
const writesAtOnce: PreflightCheck<Facts> = async (_target, { facts: { wal_since: since, segment } }) =>
  since !== null && since < segment
    ? line('io', 'pass', 'There is little to write', `${formatBytes(since)} of WAL were written since the last checkpoint.`)
    : line(
        'io',
        'warn',
        'It writes as fast as the disk takes it',
        `${since === null ? 'How much WAL was written since the last checkpoint is not known.' : `${formatBytes(since)} of WAL were written since the last checkpoint.`} Every page that they changed is written now, and statements that need the disk are slower meanwhile.`,
      )

/** CHECKPOINT; https://www.postgresql.org/docs/current/sql-checkpoint.html */
export const makeCheckpoint = defineCommand({
  name: makeCheckpointRequest.command,
  about: 'Writes all changed pages to disk now; on a standby, as far as a checkpoint of the primary was replayed',
  input: z.strictObject({}),
  face: { verb: 'Make checkpoint', does: { did: 'the changed pages are on disk' } },
  measures: 'nothing',
  weight: 'light',
  facts: async (target) => {
    const rows = await runRead(target, lastCheckpoint, {})
    if (!rows.ok) return rows
    const [facts] = rows.value
    if (!facts) return failed('unreachable', 'The server does not say when its last checkpoint was')
    const object = { oid: 0, schemaname: 'server', relname: 'checkpoint', relfilenode: 0, relid: 0 }
    return ok({ object, facts, noted: { checkpoint: facts.checkpoint_at } })
  },
  plan: (_input, { server, facts }) =>
    ok({
      title: server.inRecovery ? 'Make a restartpoint' : 'Make a checkpoint',
      ...untilDone('CHECKPOINT'),
      locks: [],
      effect: [
        `The last one was at ${formatMoment(facts.checkpoint_time)}.`,
        server.inRecovery
          ? 'On a standby it is a restartpoint, made at the last checkpoint of the primary that was replayed. If none was replayed since the last restartpoint, nothing happens.'
          : 'Writes every page that is changed in memory. Recovery after a crash then begins here, and WAL files that nobody else needs are removed or used again.',
        'Each page that is changed for the first time after a checkpoint goes to WAL as a whole, so more WAL is written for a while.',
      ],
      cancel: 'A cancel ends the waiting alone: the checkpointer goes on to the end.',
      meanwhile: 'Reads and writes go on. They are slower while the disk is busy.',
      phrase: 'checkpoint',
      alwaysTyped: false,
      undo: null,
      prediction: null,
    }),
  preflight: [writesAtOnce, mayCheckpoint],
  done,
})

/** The control file names another checkpoint than before. */
async function done(target: Target, { noted }: Before): Promise<Result<Done>> {
  const rows = await runRead(target, lastCheckpoint, {})
  if (!rows.ok) return rows
  return ok((rows.value[0]?.checkpoint_at ?? 0) > (noted?.checkpoint ?? 0) ? 'yes' : 'no')
}
