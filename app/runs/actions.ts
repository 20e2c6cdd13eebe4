'use server'

import { z } from 'zod'
import { targetOf } from '@/app/place'
import { operatorOfAction, userOfAction } from '@/app/session'
import type { CommandRequest, Confirmation, PreviewedResult, Terms } from '@/components/confirm/preview'
import { listWindows } from '@/db/console/maintenance-windows'
import { serverNames } from '@/db/console/server-names'
import { failed, ok, type Result } from '@/db/server/problem'
import { cancelRun as cancel } from '@/db/worker/cancel'
import { confirmRuns } from '@/db/worker/confirm'
import { planCommand } from '@/db/worker/planner'

/** A batch that a person can still look through. */
const MOST = 100

const request = z.object({ command: z.string().max(100), input: z.record(z.string(), z.unknown()) })
const place = z.object({ server: z.string().max(200), database: z.string().max(63) })
const preview = place.extend({ requests: z.array(request).min(1).max(MOST) })
const confirmation = place.extend({
  commands: z
    .array(request.extend({ statements: z.array(z.string().max(10_000)).min(1).max(50) }))
    .min(1)
    .max(MOST),
  typed: z.string().max(200),
  terms: z.object({
    giveUpMinutes: z.int().nullable(),
    window: z.object({ id: z.uuid(), cron: z.string().max(200), timeZone: z.string().max(100), minutes: z.int() }).nullable(),
  }),
})

/** Plans commands and runs their preflight. Nothing changes. Errors: as the commands' own; insufficient_privilege without a session. */
export async function previewCommands(server: string, database: string, requests: CommandRequest[]): Promise<PreviewedResult> {
  const user = await userOfAction(server, database, requests)
  if (!user.ok) return user
  const given = preview.safeParse({ server, database, requests })
  if (!given.success) return failed('invalid_input', z.prettifyError(given.error))
  const target = await targetOf(given.data)
  if (!target.ok) return target
  const planned = await Promise.all(given.data.requests.map(({ command, input }) => planCommand(target.value, command, input)))
  const refused = planned.find((one) => !one.ok)
  if (refused && !refused.ok) return refused
  const [names, windows] = await Promise.all([serverNames(), listWindows(server)])
  return ok({
    serverName: names.get(server) ?? server,
    previews: planned.flatMap((one) => (one.ok ? [one.value] : [])),
    windows,
    checkedAt: new Date().toISOString(),
  })
}

/**
 * Queues what was confirmed. The server plans again and refuses anything that was not shown; see db/worker/confirm.ts.
 * Errors: as there; insufficient_privilege without a session, or for a viewer.
 */
export async function confirmCommands(
  server: string,
  database: string,
  confirmed: Confirmation[],
  typed: string,
  terms: Terms,
): Promise<Result<{ id: string; batchId: string | null }[]>> {
  const user = await operatorOfAction(server, database, confirmed, typed, terms)
  if (!user.ok) return user
  const given = confirmation.safeParse({ server, database, commands: confirmed, typed, terms })
  if (!given.success) return failed('invalid_input', z.prettifyError(given.error))
  const { commands, typed: phrase } = given.data
  const { giveUpMinutes, window } = given.data.terms
  const chosen = { giveUpMinutes: giveUpMinutes ?? undefined, window: window ?? undefined }
  const runs = await confirmRuns({ serverId: server, database, commands, phrase, actor: user.value, ...chosen })
  return runs.ok ? ok(runs.value.map(({ id, batchId }) => ({ id, batchId }))) : runs
}

/** Asks a run to stop. Errors: as db/worker/cancel.ts; insufficient_privilege without a session, or for a viewer. */
export async function cancelRun(id: string): Promise<Result<null>> {
  const user = await operatorOfAction(id)
  if (!user.ok) return user
  const given = z
    .string()
    .regex(/^\d{1,18}$/)
    .safeParse(id)
  if (!given.success) return failed('invalid_input', 'No run has such a number')
  const run = await cancel(given.data, user.value)
  return run.ok ? ok(null) : run
}
