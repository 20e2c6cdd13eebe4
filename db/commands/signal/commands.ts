import { z } from 'zod'
import { literal } from '../../server/identifiers'
import { failed, ok, type Result } from '../../server/problem'
import { runRead } from '../../server/run-read'
import type { Target } from '../../server/target'
import { type Before, defineCommand } from '../define-command'
import { atOnce } from '../work'
import { backendInput, backendState, loadBackend } from './facts'
import { activity, blocks, formatWhoIs, guardOf, maySignal, othersRun, statementRuns, transactionLost, wraparound } from './preflight'
import { cancelBackendRequest, terminateBackendRequest } from './request'

/** How long the server waits to see the session gone, in ms; the signal stays in force beyond that. */
const WAIT_MS = 5_000

const signal = {
  input: z.strictObject(backendInput),
  measures: 'nothing' as const,
  weight: 'signal' as const,
  facts: (target: Target, { pid, backendStart }: { pid: number; backendStart: string }) => loadBackend(target, pid, backendStart),
}

/** pid and backend_start must both match: a later session may have the same pid. */
const ofSession = (pid: number, backendStart: string): string =>
  `FROM pg_stat_activity WHERE pid = ${pid} AND backend_start = ${literal(backendStart)}`

const common = (pid: number) => ({
  locks: [],
  cancel: 'This takes a moment: there is nothing to cancel.',
  phrase: `pid ${pid}`,
  undo: null,
  prediction: null,
})

async function stateOf(target: Target, { object }: Before) {
  const rows = await runRead(target, backendState, { pid: object.oid })
  if (!rows.ok) return rows
  const [state] = rows.value
  return ok(state?.backend_micros === object.relfilenode ? state : null)
}

/** pg_cancel_backend; https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADMIN-SIGNAL */
export const cancelBackend = defineCommand({
  ...signal,
  name: cancelBackendRequest.command,
  about: 'Cancels the statement that a session runs; the session stays',
  face: { verb: 'Cancel statement', takes: 'session', does: { did: 'the statement has ended' } },
  plan: ({ pid, backendStart }, context) => {
    const { facts } = context
    const guard = guardOf(context)
    if (guard) return failed('conflict', `pid ${pid} ${guard}`)
    // The statement too: by the time that this runs, the session may be at another one.
    const same = facts.query_start === null || facts.state !== 'active' ? '' : ` AND query_start = ${literal(facts.query_start)}`
    return ok({
      ...common(pid),
      title: `Cancel the statement of pid ${pid}`,
      ...atOnce(`SELECT pg_cancel_backend(pid) ${ofSession(pid, backendStart)}${same}`),
      effect: [
        `Ends the statement that ${formatWhoIs(facts)} runs with an error. The session stays; in a transaction block, the block fails.`,
        'Does nothing if the session, or its statement, has changed by then.',
      ],
      alwaysTyped: false,
    })
  },
  preflight: [activity, othersRun, blocks, statementRuns, wraparound, maySignal],
  done: async (target, before): Promise<Result<'yes' | 'no'>> => {
    const state = await stateOf(target, before)
    if (!state.ok) return state
    return ok(state.value?.state === 'active' && (state.value.query_at ?? 0) <= before.at ? 'no' : 'yes')
  },
})

/** pg_terminate_backend; https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADMIN-SIGNAL */
export const terminateBackend = defineCommand({
  ...signal,
  name: terminateBackendRequest.command,
  about: 'Ends a session, and rolls its transaction back',
  face: { verb: 'End session', takes: 'session', does: { did: 'the session has ended' } },
  plan: ({ pid, backendStart }, context) => {
    const { facts } = context
    const guard = guardOf(context)
    if (guard) return failed('conflict', `pid ${pid} ${guard}`)
    if (facts.wraparound) return failed('conflict', `pid ${pid} is an autovacuum that prevents transaction ID wraparound: let it end`)
    return ok({
      ...common(pid),
      title: `End the session of pid ${pid}`,
      ...atOnce(`SELECT pg_terminate_backend(pid, ${WAIT_MS}) ${ofSession(pid, backendStart)}`),
      effect: [
        `Ends the session of ${formatWhoIs(facts)}: its transaction is rolled back, its locks and temporary tables go, its client gets an error.`,
        'Does nothing if the pid has become another session by then.',
      ],
      alwaysTyped: true,
    })
  },
  preflight: [activity, othersRun, blocks, transactionLost, maySignal],
  done: async (target, before): Promise<Result<'yes' | 'no'>> => {
    const state = await stateOf(target, before)
    return state.ok ? ok(state.value ? 'no' : 'yes') : state
  },
})
