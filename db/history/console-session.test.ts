import { expect, it } from 'vitest'
import { networkTo } from '../../test/support/network'
import { testDatabase } from '../../test/support/test-database'
import { openConsoleSession } from './console-session'

it('ends where the network swallows what it asks, so that another can be opened', async () => {
  const db = await testDatabase(18)
  const network = await networkTo(db.url)
  try {
    const session = await openConsoleSession(network.url, () => undefined, 500)
    const asked = session.transaction((query) => query('select 1'))
    await expect(asked).resolves.toBeDefined()
    network.swallow()
    await expect(session.transaction((query) => query('select 1'))).rejects.toMatchObject({ fault: 'no_answer' })
    await session.ended
  } finally {
    await network.close()
    await db.drop()
  }
})
