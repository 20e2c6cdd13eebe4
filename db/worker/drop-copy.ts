import type { Before } from '../commands/define-command'
import { dropLeftoverIndexRequest } from '../commands/drop-leftover-index/request'
import { isCopyOf, leftoverIndexes } from '../commands/facts/leftovers'
import { halfwayNames } from '../commands/plan'
import { planCommand } from '../runs/planner'
import type { Run } from '../runs/run-types'
import { forgetReads, runRead } from '../server/run-read'
import type { Session } from '../server/session'
import type { Target } from '../server/target'
import type { RunHold } from './run-hold'

/**
 * The lock_timeout that a build must not have does no harm here: a drop that gives up leaves an index that was invalid
 * before, and can be dropped later. Waiting longer makes no sense, as the rebuild has just waited in vain.
 */
const DROP_WAIT = "SET lock_timeout = '5s'"

/**
 * After a run was given up: drops the invalid indexes that it made, as its plan had said; none of an earlier run. What
 * cannot be dropped (somebody still uses the table, the server was marked read-only) stays among the leftovers of the
 * receipt. Returns the names of what was dropped.
 */
export async function dropCopies(run: Run, hold: RunHold, target: Target, session: Session, before: Before): Promise<string[]> {
  if (!run.plan.dropsCopy) return []
  // An error arrives before the server lets go of the statement's locks; this is answered after.
  await session.execute(DROP_WAIT)
  forgetReads()
  const found = await runRead(target, leftoverIndexes, { relids: [before.object.relid], relnames: halfwayNames(run.plan) })
  if (!found.ok) return []
  const former = new Set(before.leftovers ?? [])
  const names = halfwayNames(run.plan)
  const made = found.value.filter(
    ({ oid, relname }) => !former.has(oid) && (names.length > 0 ? names.includes(relname) : isCopyOf(before.object.relname, relname)),
  )
  const dropped: string[] = []
  for (const { oid, relname } of made) {
    const why = await drop(hold, target, session, oid)
    if (why === null) dropped.push(relname)
    const message =
      why === null
        ? `dropped the invalid ${names.length > 0 ? 'index' : 'copy'} ${relname}, as confirmed`
        : `could not drop ${relname}: ${why}`
    await hold.log(why === null ? 'info' : 'error', message)
  }
  return dropped
}

/** Null when it was dropped, else why not. */
async function drop(hold: RunHold, target: Target, session: Session, oid: number): Promise<string | null> {
  const planned = await hold.patiently(() => planCommand(target, dropLeftoverIndexRequest.command, { oid }, { estimates: false }))
  if (!planned.ok) return planned.problem.message
  const stop = planned.value.preflight.find(({ status }) => status === 'stop')
  if (stop) return stop.title
  const { statements, main } = planned.value.plan
  for (const statement of [DROP_WAIT, statements[main] ?? '']) {
    if (statement !== DROP_WAIT) await hold.log('info', statement)
    const done = await session.execute(statement)
    if (!done.ok) return done.problem.message
  }
  return null
}
