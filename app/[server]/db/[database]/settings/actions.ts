'use server'

import { z } from 'zod'
import { operatorOfAction } from '@/app/session'
import { told } from '@/app/told'
import { saveProfile as save } from '@/db/console/server-profiles'
import { profileSchema } from '@/db/domain/server-profile'
import { failed, type Result } from '@/db/server/problem'

/** Saves the hardware profile of a server for everybody, or forgets it (null). Errors: invalid_input; insufficient_privilege for a viewer. */
export const saveProfile = told(async (server: unknown, profile: unknown): Promise<Result<null>> => {
  const user = await operatorOfAction(server, profile)
  if (!user.ok) return user
  const given = z.tuple([z.string().max(200), profileSchema.nullable()]).safeParse([server, profile])
  return given.success ? save(...given.data, user.value) : failed('invalid_input', z.prettifyError(given.error))
})
