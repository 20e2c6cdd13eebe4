'use server'

import { z } from 'zod'
import { noted } from '@/app/noted'
import { targetOf } from '@/app/place'
import { operatorOfAction } from '@/app/session'
import { told } from '@/app/told'
import { askLook } from '@/db/findings/ask-look'
import { type Said, sayOfFindings } from '@/db/findings/say-of-finding'
import { failed, ok, type Result } from '@/db/server/problem'

const text = z.string().max(200)
const ids = z.array(z.int().positive()).min(1).max(500)
const words = z.string().max(500)
const said = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('acknowledge'), note: words.nullable() }),
  z.object({ kind: z.literal('snooze'), until: z.iso.datetime().transform((at) => new Date(at)), reason: words }),
  z.object({ kind: z.literal('take back'), what: z.enum(['acknowledgement', 'snooze']) }),
])

/** Asks the worker to let every check look at a database and its server now. Errors: invalid_input when there is no such server. */
export const checkNow = told(async (server: string, database: string): Promise<Result<null>> => {
  const user = await operatorOfAction(server, database)
  if (!user.ok) return user
  const given = z.object({ server: text, database: text }).safeParse({ server, database })
  if (!given.success) return failed('invalid_input', z.prettifyError(given.error))
  const target = await targetOf(given.data)
  if (target.ok) await askLook({ serverId: given.data.server, database: given.data.database }, { all: true })
  const asked = { by: user.value, action: 'checks.requested', database: given.data.database }
  return target.ok ? noted({ ...asked, serverId: given.data.server }, ok(null)) : target
})

/** Notes what somebody says of findings: acknowledged, snoozed with a reason, or neither any more. Errors: as sayOfFindings. */
export const sayOf = told(async (server: string, findings: number[], what: z.input<typeof said>): Promise<Result<null>> => {
  const user = await operatorOfAction(server, findings, what)
  if (!user.ok) return user
  const given = z.object({ server: text, ids, said }).safeParse({ server, ids: findings, said: what })
  if (!given.success) return failed('invalid_input', z.prettifyError(given.error))
  const meant: Said = given.data.said
  return sayOfFindings(given.data.server, given.data.ids, meant, user.value)
})
