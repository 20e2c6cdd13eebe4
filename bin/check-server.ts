import { reachTarget } from '../db/server/target-url'
import { testConnection } from '../db/server/test-connection'
import { UserError } from './settings'

/** Refuses a server that the console could not work with, in one sentence that names the setting. */
export async function checkServer(setting: string, address: string): Promise<void> {
  const target = await reachTarget(setting, address).catch((error: Error) => {
    throw new UserError(`${setting}: ${error.message}`)
  })
  const tested = await testConnection(target)
  if (tested.ok) return
  const { message, hint } = tested.problem
  throw new UserError(`${setting}: ${message.replace(/\.$/, '')}${hint ? ` (${hint.replace(/\.$/, '')})` : ''}.`)
}
