import { expect, it } from 'vitest'
import type { Run, RunBlocker } from '@/db/console/run-types'
import { endSession } from './end-session'
import { runVerdict } from './run-words'

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

it('ends a session that idles in its transaction, and cancels the statement of one that works', () => {
  expect(endSession(BLOCKER)).toEqual({
    label: 'Copy SQL to end pid 4121',
    sql: "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = 4121 AND backend_start = '2026-11-23T12:00:00.123456Z';",
  })
  expect(endSession({ ...BLOCKER, state: 'active' })?.sql).toContain('pg_cancel_backend(pid)')
})

it('has nothing to say of a prepared transaction, or of a session whose start is hidden', () => {
  expect(endSession({ ...BLOCKER, pid: 0 })).toBeNull()
  expect(endSession({ ...BLOCKER, backendStart: '' })).toBeNull()
})

it('says of an index that was brought back how large it is', () => {
  const run = { command: 'restore-index', state: 'succeeded', receipt: { bytesBefore: 1024, bytesAfter: 115_712 } } as Run
  expect(runVerdict({ ...run, receipt: run.receipt && { ...run.receipt, deadBefore: null, deadAfter: null } }).title).toBe(
    'Done: built, 112 kB.',
  )
})
