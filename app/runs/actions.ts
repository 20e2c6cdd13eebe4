'use server'

import { z } from 'zod'
import { targetOf } from '@/app/place'
import { operatorOfAction, userOfAction } from '@/app/session'
import { told } from '@/app/told'
import type { Confirmation, PreviewedResult, Terms } from '@/components/confirm/preview'
import { COMMANDS } from '@/db/commands/registry'
import { serverNames } from '@/db/console/server-names'
import { recordedTarget } from '@/db/console/servers'
import type { CommandRequest } from '@/db/domain/command-request'
import { cancelRun as cancel } from '@/db/runs/cancel'
import { confirmRuns } from '@/db/runs/confirm'
import { listWindows } from '@/db/runs/maintenance-windows'
import { MOST_STATEMENTS, planCommand } from '@/db/runs/planner'
import { failed, ok, type Result } from '@/db/server/problem'

/** A batch that a person can still look through. */
const MOST = 100

/** Characters: the functions that are installed have twenty thousand. A request is at most 512 kB (next.config.ts). */
const LONGEST = 100_000

const TOO_MANY = `At most ${MOST} commands are confirmed together. Choose fewer.`
const TOO_LONG = `A run has at most ${MOST_STATEMENTS.toLocaleString('en-US')} statements.`

/** What is too many is said in words; anything else no page sends. */
const notSound = (error: z.ZodError) =>
  failed(
    'invalid_input',
    error.issues.find(({ message }) => message === TOO_MANY || message === TOO_LONG)?.message ?? z.prettifyError(error),
  )

const request = z.object({ command: z.string().max(100), input: z.record(z.string(), z.unknown()) })
const place = z.object({ server: z.string().max(200), database: z.string().max(63) })
const preview = place.extend({ requests: z.array(request).min(1).max(MOST, TOO_MANY) })
const shownCluster = z.object({ systemIdentifier: z.string().max(20), timeline: z.int() })
const confirmation = place.extend({
  commands: z
    .array(
      request.extend({
        statements: z.array(z.string().max(LONGEST)).min(1).max(MOST_STATEMENTS, TOO_LONG),
        cluster: shownCluster.nullable(),
      }),
    )
    .min(1)
    .max(MOST, TOO_MANY),
  typed: z.string().max(200),
  terms: z.object({
    giveUpMinutes: z.int().nullable(),
    key: z
      .string()
      .regex(/^[0-9a-f]{32}$/)
      .optional(),
    window: z.object({ id: z.uuid(), cron: z.string().max(200), timeZone: z.string().max(100), minutes: z.int() }).nullable(),
  }),
})

/** Plans commands and runs their preflight. Nothing changes. Errors: as the commands' own; insufficient_privilege without a session. */
export const previewCommands = told(async (server: string, database: string, requests: CommandRequest[]): Promise<PreviewedResult> => {
  const user = await userOfAction(server, database, requests)
  if (!user.ok) return user
  const given = preview.safeParse({ server, database, requests })
  if (!given.success) return notSound(given.error)
  const place = await targetOf(given.data)
  const target = place.ok ? await recordedTarget(server, database) : place
  if (!target.ok) return target
  const planned = await Promise.all(given.data.requests.map(({ command, input }) => planCommand(target.value, command, input)))
  const refused = planned.find((one) => !one.ok)
  const asked = new Set(given.data.requests.map(({ command }) => command))
  const [only = ''] = asked
  const [names, windows] = await Promise.all([serverNames(), listWindows(server)])
  return ok({
    serverName: names.get(server) ?? server,
    previews: refused ? [] : planned.flatMap((one) => (one.ok ? [one.value] : [])),
    unplanned: refused && !refused.ok ? refused.problem : null,
    options: asked.size === 1 ? (COMMANDS.get(only)?.face.options ?? []) : [],
    windows,
    checkedAt: new Date().toISOString(),
  })
})

/**
 * Queues what was confirmed. The server plans again and refuses anything that was not shown; see db/runs/confirm.ts.
 * Errors: as there; insufficient_privilege without a session, or for a viewer.
 */
export const confirmCommands = told(
  async (
    server: string,
    database: string,
    confirmed: Confirmation[],
    typed: string,
    terms: Terms,
  ): Promise<Result<{ id: string; batchId: string | null }[]>> => {
    const user = await operatorOfAction(server, database, confirmed, typed, terms)
    if (!user.ok) return user
    const given = confirmation.safeParse({ server, database, commands: confirmed, typed, terms })
    if (!given.success) return notSound(given.error)
    const { commands, typed: phrase } = given.data
    const { giveUpMinutes, window, key } = given.data.terms
    const chosen = { giveUpMinutes: giveUpMinutes ?? undefined, window: window ?? undefined, key }
    const runs = await confirmRuns({ serverId: server, database, commands, phrase, actor: user.value, ...chosen })
    return runs.ok ? ok(runs.value.map(({ id, batchId }) => ({ id, batchId }))) : runs
  },
)

/** Asks a run to stop. Errors: as db/runs/cancel.ts; insufficient_privilege without a session, or for a viewer. */
export const cancelRun = told(async (id: string): Promise<Result<null>> => {
  const user = await operatorOfAction(id)
  if (!user.ok) return user
  const given = z
    .string()
    .regex(/^\d{1,18}$/)
    .safeParse(id)
  if (!given.success) return failed('invalid_input', 'There is no such run')
  const run = await cancel(given.data, user.value)
  return run.ok ? ok(null) : run
})
