import { afterAll, describe, expect, it } from 'vitest'
import { benchForTests } from '../../../test/support/run-bench'
import { consoleDb } from '../../console/client'
import { checkHold } from '../../console/schema-findings'
import { holdServer, leaveServer } from '../../findings/hold-server'
import { indexRedundant } from '../../indexes/checks/index-redundant'
import { closePools } from '../../server/pool'
import { openChecker } from './checker'

describe('a worker that checks', () => {
  const bench = benchForTests(18)
  const checker = openChecker({
    checks: [indexRedundant],
    now: Date.now,
    onlyAsked: false,
    visits: (database) => database === bench.db.target.database,
  })
  const serverId = () => bench.db.target.serverId
  afterAll(() => closePools())

  it('leaves a server alone that another worker looks at', async () => {
    await holdServer(serverId(), 'another')
    expect(await checker.turn(serverId())).toBeNull()
    await consoleDb()
      .update(checkHold)
      .set({ until: new Date(Date.now() - 1000) })
    expect(await checker.turn(serverId())).not.toBeNull()
    expect(await holdServer(serverId(), 'another')).toBe(true)
    await leaveServer(serverId(), 'another')
  })
})
