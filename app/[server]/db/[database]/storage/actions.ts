'use server'

import { z } from 'zod'
import { operatorOfAction } from '@/app/session'
import { told } from '@/app/told'
import { keepVolume } from '@/db/console/server-volumes'
import { failed, type Result } from '@/db/server/problem'

/** 1 MB to 8 PiB: what a file system of a server may have. */
const sizes = z
  .int()
  .min(1024 ** 2)
  .max(Number.MAX_SAFE_INTEGER)
  .nullable()

/** Keeps the size of a server's volume in bytes, or forgets it (null). Errors: invalid_input; insufficient_privilege for a viewer. */
export const saveVolume = told(async (server: unknown, bytes: unknown): Promise<Result<null>> => {
  const user = await operatorOfAction(server, bytes)
  if (!user.ok) return user
  const given = z.tuple([z.string().max(200), sizes]).safeParse([server, bytes])
  return given.success ? keepVolume(...given.data, user.value) : failed('invalid_input', z.prettifyError(given.error))
})
