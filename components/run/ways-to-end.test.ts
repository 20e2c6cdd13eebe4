import { expect, it } from 'vitest'
import { terminateBackendRequest } from '@/db/commands/signal/request'
import type { Run, RunBlocker } from '@/db/runs/run-types'
import { runVerdict } from './run-messages'
import { waysToEnd } from './ways-to-end'

const BLOCKER: RunBlocker = {
  pid: 4121,
  backendStart: '2026-11-23T12:00:00.123456Z',
  usename: null,
  applicationName: null,
  clientAddr: null,
  state: 'idle in transaction',
  xactSeconds: 1,
  query: null,
}

const commands = (blocker: Partial<RunBlocker>) => waysToEnd({ ...BLOCKER, ...blocker }).map(({ request }) => request.command)

it('ends a session that idles in its transaction, and would rather cancel what one runs', () => {
  const request = terminateBackendRequest({ pid: 4121, backendStart: '2026-11-23T12:00:00.123456Z' })
  expect(waysToEnd(BLOCKER)).toEqual([{ label: 'End pid 4121…', request }])
  expect(commands({ state: 'active' })).toEqual(['cancel-backend', 'terminate-backend'])
})

it('has no way with a prepared transaction, or with a session whose start is hidden', () => {
  expect(commands({ pid: 0 })).toEqual([])
  expect(commands({ backendStart: '' })).toEqual([])
})

it('says of an index that was brought back how large it is', () => {
  const run = { does: { builds: true }, state: 'succeeded', receipt: { bytesBefore: 1024, bytesAfter: 115_712 } } as Run
  expect(runVerdict({ ...run, receipt: run.receipt && { ...run.receipt, deadBefore: null, deadAfter: null } }).title).toBe(
    'Done: built, 112 kB.',
  )
})
