'use server'

import { z } from 'zod'
import { operatorOfAction, userOfAction } from '@/app/session'
import type { CommandRequest, Confirmation, PreviewedResult } from '@/components/confirm/preview'
import { failed, type Result } from '@/db/target/problem'

const request = z.object({ command: z.string().max(100), input: z.record(z.string(), z.unknown()) })
const place = z.object({ server: z.string().max(200), database: z.string().max(63) })
const preview = place.extend({ requests: z.array(request).min(1).max(100) })

/** Plans commands and runs their preflight. Nothing changes. Errors: as the commands' own; insufficient_privilege without a session. */
export async function previewCommands(server: string, database: string, requests: CommandRequest[]): Promise<PreviewedResult> {
  const user = await userOfAction()
  if (!user.ok) return user
  const given = preview.safeParse({ server, database, requests })
  if (!given.success) return failed('invalid_input', z.prettifyError(given.error))
  return failed('invalid_input', 'Not there yet')
}

export async function confirmCommands(
  _server: string,
  _database: string,
  _confirmed: Confirmation[],
  _typed: string,
): Promise<Result<{ id: string; batchId: string | null }[]>> {
  const user = await operatorOfAction()
  if (!user.ok) return user
  return failed('invalid_input', 'Not there yet')
}

export async function cancelRun(_id: string): Promise<Result<null>> {
  const user = await operatorOfAction()
  if (!user.ok) return user
  return failed('invalid_input', 'Not there yet')
}
