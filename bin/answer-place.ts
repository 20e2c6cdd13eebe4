import { userInfo } from 'node:os'
import process from 'node:process'
import { connectConsole } from '../db/console/client'
import { answerCopied, answerMoved } from '../db/console/which-console'
import { runningConsole } from './running-console'

/**
 * `proctor moved` and `proctor copied`: answers for the console of the settings, or of this machine's data folder, whether it was moved
 * or copied. Returns a sentence. Errors: throws where there is no console, or nothing to answer.
 */
export async function answerPlace(answer: 'moved' | 'copied'): Promise<string> {
  const { PROCTOR_DATABASE_URL, PROCTOR_DATA_DIR, PROCTOR_SECRET } = process.env
  const beside = await runningConsole(PROCTOR_DATA_DIR)
  const url = PROCTOR_DATABASE_URL || beside?.consoleUrl
  if (!url) throw new Error('No console runs on this data folder: start it first, or name its database in PROCTOR_DATABASE_URL')
  const secret = PROCTOR_SECRET || beside?.secret
  if (!secret) throw new Error('Set PROCTOR_SECRET to the secret of the console: the answer becomes a line of its audit')
  process.env.PROCTOR_SECRET = secret
  const db = connectConsole(url)
  try {
    const by = { email: `${userInfo().username}, on the command line`, from: null }
    const answered = await (answer === 'moved' ? answerMoved(by, null, db) : answerCopied(by, null, null, db))
    if (!answered.ok) throw new Error(answered.problem.message)
    const { id } = answered.value
    return answer === 'moved'
      ? `Moved: console ${id} goes on here.`
      : `Copied: this is console ${id} from now on. Its open runs were left to the other one; everybody has to sign in anew.`
  } finally {
    await db.$client.end()
  }
}
