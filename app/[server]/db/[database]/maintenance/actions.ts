'use server'

import { revalidatePath } from 'next/cache'
import { z } from 'zod'
import { targetOf } from '@/app/place'
import { operatorOfAction } from '@/app/session'
import { told } from '@/app/told'
import { policyRule } from '@/db/domain/policy-rule'
import { confirmPolicy as confirm } from '@/db/runs/confirm-policy'
import { timesOfWindow } from '@/db/runs/maintenance-windows'
import * as policies from '@/db/runs/policies'
import { previewNight } from '@/db/runs/policy-preview'
import type { NightPreview } from '@/db/runs/policy-types'
import { failed, type Result } from '@/db/server/problem'

const place = z.object({ server: z.string().min(1).max(200), database: z.string().min(1).max(63) })
const window = z.object({ id: z.uuid(), cron: z.string().max(200), timeZone: z.string().max(100), minutes: z.int() })
const confirmed = place.extend({
  id: z.uuid().nullable(),
  rule: policyRule,
  window,
  sentences: z.array(z.string().max(1_000)).max(20),
  typed: z.string().max(200),
})

/** What is wrong with a rule is said in words; anything else no page sends. */
const wrongForm = ({ issues }: z.ZodError) =>
  failed('invalid_input', issues.find(({ path }) => path[0] === 'rule' && path.length > 1)?.message ?? 'The form is not complete.')

/** What a rule would do in a window's next night. Nothing changes. Errors: as db/runs/policy-preview.ts. */
export const previewPolicy = told(
  async (server: string, database: string, rule: unknown, windowId: string): Promise<Result<NightPreview>> => {
    const user = await operatorOfAction(server, database, rule, windowId)
    if (!user.ok) return user
    const given = place.extend({ rule: policyRule, windowId: z.uuid() }).safeParse({ server, database, rule, windowId })
    if (!given.success) return wrongForm(given.error)
    const target = await targetOf(given.data)
    if (!target.ok) return target
    const times = await timesOfWindow(given.data.windowId)
    if (!times) return failed('conflict', 'The maintenance window is gone. Choose another.')
    return previewNight({ serverId: server, database, rule: given.data.rule, times })
  },
)

/** Keeps a policy as it was shown: a new one, or the one of that id. Errors: as db/runs/confirm-policy.ts. */
export const confirmPolicy = told(
  async (
    server: string,
    database: string,
    id: string | null,
    rule: unknown,
    shown: { window: z.output<typeof window>; sentences: string[] },
    typed: string,
  ): Promise<Result<{ id: string }>> => {
    const user = await operatorOfAction(server, database, id, rule, shown, typed)
    if (!user.ok) return user
    const given = confirmed.safeParse({ server, database, id, rule, ...Object(shown), typed })
    if (!given.success) return wrongForm(given.error)
    const { typed: phrase, server: serverId, ...rest } = given.data
    return renewed(await confirm({ ...rest, serverId, phrase, actor: user.value }))
  },
)

const named = z.tuple([z.string().min(1).max(200), z.uuid()])

const changing = (change: typeof policies.pausePolicy) =>
  told(async (server: string, id: string): Promise<Result<null>> => {
    const user = await operatorOfAction(server, id)
    if (!user.ok) return user
    const given = named.safeParse([server, id])
    return given.success ? renewed(await change(...given.data, user.value)) : wrongForm(given.error)
  })

/** Errors of the three: invalid_input (no such policy), insufficient_privilege; resume also conflict (db/runs/policies.ts). */
export const pausePolicy = changing(policies.pausePolicy)
export const resumePolicy = changing(policies.resumePolicy)
export const removePolicy = changing(policies.removePolicy)

function renewed<T>(result: Result<T>): Result<T> {
  if (result.ok) revalidatePath('/', 'layout')
  return result
}
