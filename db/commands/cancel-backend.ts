import { z } from 'zod'
import { literal } from '../target/identifiers'
import { failed, ok } from '../target/problem'
import { runRead } from '../target/run-read'
import { defineCommand } from './define-command'
import { backendInput, backendState, loadBackend } from './facts/backend'
import { activity, blocks, guardOf, maySignal, sayWhoIs, statementRuns, wraparound } from './preflight/backend'

/** pg_cancel_backend; https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADMIN-SIGNAL */
export const cancelBackend = defineCommand({
  name: 'cancel-backend',
  about: 'Cancels the statement that a session runs; the session stays',
  risk: 'low',
  input: z.strictObject(backendInput),
  transaction: true,
  measures: 'nothing',
  facts: (target, _server, { pid, backendStart }) => loadBackend(target, pid, backendStart),
  plan: ({ pid, backendStart }, context) => {
    const { facts } = context
    const guard = guardOf(context)
    if (guard) return failed('conflict', `pid ${pid} ${guard}`)
    // The statement too: by the time that this runs, the session may be at another one.
    const same = facts.query_start === null || facts.state !== 'active' ? '' : ` AND query_start = ${literal(facts.query_start)}`
    return ok({
      title: `Cancel the statement of pid ${pid}`,
      statements: [
        `SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE pid = ${pid} AND backend_start = ${literal(backendStart)}${same}`,
      ],
      locks: [],
      effect: [
        `Ends the statement that ${sayWhoIs(facts)} runs with an error. The session stays; in a transaction block, the block fails.`,
        'Does nothing when the session, or its statement, is another one by then.',
      ],
      cancel: 'It takes a moment: there is nothing to cancel.',
      phrase: `pid ${pid}`,
      alwaysTyped: false,
      undo: null,
      prediction: null,
    })
  },
  preflight: [activity, blocks, statementRuns, wraparound, maySignal],
  done: async (target, { at, object }) => {
    const rows = await runRead(target, backendState, { pid: object.oid })
    if (!rows.ok) return rows
    const [state] = rows.value
    const still = state?.backend_micros === object.relfilenode && state.state === 'active' && (state.query_at ?? 0) <= at
    return ok(still ? 'no' : 'yes')
  },
})
