import { z } from 'zod'
import { CONSOLE_DATABASE } from '@/app/told'
import { failed, type Result } from '@/db/server/problem'

const refused = z.object({ code: z.string(), message: z.string().default('') })

const WRONG_CODE = 'This code is wrong, or not one of your unused backup codes. Codes change every 30 s; check the clock of the device.'

/** Words for better-auth's codes, to somebody who is signed in. */
const WORDS = new Map([
  ['INVALID_PASSWORD', 'The password is wrong.'],
  ['CODE_NEEDED', 'Your second factor is on, so a code is needed as well.'],
  ['INVALID_CODE', WRONG_CODE],
  ['INVALID_BACKUP_CODE', WRONG_CODE],
  ['USED_CODE', 'This code was used. Wait for the next one.'],
])

/** What the console refuses itself says so in its own words. */
const OWN_WORDS = ['WAITS', 'LIMITED', 'BUSY']

/** Why better-auth refused something to somebody who is signed in: conflict for too many attempts, else invalid_input. */
export async function refusalOf(answer: Response): Promise<Result<never>> {
  const { data } = refused.safeParse(await answer.json())
  if (data?.code === CONSOLE_DATABASE) return failed('unreachable', data.message)
  if (data && OWN_WORDS.includes(data.code)) return failed('conflict', data.message)
  return failed('invalid_input', WORDS.get(data?.code ?? '') ?? 'Something changed meanwhile. Load the page again.')
}
