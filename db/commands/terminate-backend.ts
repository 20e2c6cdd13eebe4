import { z } from 'zod'
import { literal } from '../target/identifiers'
import { failed, ok } from '../target/problem'
import { runRead } from '../target/run-read'
import { defineCommand } from './define-command'
import { backendInput, backendState, loadBackend } from './facts/backend'
import { activity, blocks, guardOf, maySignal, sayWhoIs, transactionLost } from './preflight/backend'

/** How long the server waits to see the session gone, in ms; the signal stays in force beyond that. */
const WAIT_MS = 5_000

/** pg_terminate_backend; https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADMIN-SIGNAL */
export const terminateBackend = defineCommand({
  name: 'terminate-backend',
  about: 'Ends a session, and rolls its transaction back',
  risk: 'high',
  input: z.strictObject(backendInput),
  transaction: true,
  measures: 'nothing',
  facts: (target, _server, { pid, backendStart }) => loadBackend(target, pid, backendStart),
  plan: ({ pid, backendStart }, context) => {
    const { facts } = context
    const guard = guardOf(context)
    if (guard) return failed('conflict', `pid ${pid} ${guard}`)
    if (facts.wraparound) return failed('conflict', `pid ${pid} is an autovacuum that prevents transaction ID wraparound: let it end`)
    return ok({
      title: `End the session of pid ${pid}`,
      statements: [
        `SELECT pg_terminate_backend(pid, ${WAIT_MS}) FROM pg_stat_activity WHERE pid = ${pid} AND backend_start = ${literal(backendStart)}`,
      ],
      locks: [],
      effect: [
        `Ends the session of ${sayWhoIs(facts)}: its transaction is rolled back, its locks and temporary tables go, its client gets an error.`,
        'Does nothing when the session is another one by then.',
      ],
      cancel: 'It takes a moment: there is nothing to cancel.',
      phrase: `pid ${pid}`,
      alwaysTyped: true,
      undo: null,
      prediction: null,
    })
  },
  preflight: [activity, blocks, transactionLost, maySignal],
  done: async (target, { object }) => {
    const rows = await runRead(target, backendState, { pid: object.oid })
    if (!rows.ok) return rows
    return ok(rows.value[0]?.backend_micros === object.relfilenode ? 'no' : 'yes')
  },
})
