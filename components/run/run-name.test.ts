import { expect, it } from 'vitest'
import type { Run } from '@/db/runs/run-types'
import { PROGRESS, RECEIPT, RUN } from '@/test/support/example-run'
import { receiptMarkdown } from './receipt-markdown'
import { mainStatement, nameOfRun, runVerdict, silentSince } from './run-messages'

it('leaves settings out of what the run is called', () => {
  const statements = ["SET lock_timeout = '2s'", 'VACUUM (VERBOSE) public.t;']
  expect(mainStatement({ statements, main: 1 })).toBe('VACUUM (VERBOSE) public.t')
  expect(mainStatement({ statements: ['ALTER SYSTEM RESET jit', 'SELECT pg_reload_conf()'], main: 0 })).toBe('ALTER SYSTEM RESET jit')
  // Of a plan from before it was noted which one does the work.
  expect(mainStatement({ statements })).toBe('VACUUM (VERBOSE) public.t')
})

it('reads a run that an older console stored, whose plan says nothing but its statements', () => {
  const { main, form, waits, phases, ...plan } = RUN.plan
  const old: Run = { ...RUN, plan }
  expect(mainStatement(old.plan)).toBe('REINDEX INDEX CONCURRENTLY public."x|`y"')
  expect(runVerdict(old)).toEqual(runVerdict(RUN))
  expect(receiptMarkdown({ ...old, state: 'succeeded', receipt: RECEIPT }, 'prod', RUN.confirmedAt)).toBe(
    receiptMarkdown({ ...RUN, state: 'succeeded', receipt: RECEIPT }, 'prod', RUN.confirmedAt),
  )
  expect(silentSince(old, PROGRESS.at)).toBeNull()
})

it.each([
  [['ALTER SYSTEM SET work_mem = $$8MB$$', 'SELECT pg_reload_conf()'], 'ALTER SYSTEM SET work_mem = $$8MB$$'],
  [["SET lock_timeout = '2s'", 'SET statement_timeout = 0', 'DROP INDEX public.i'], 'DROP INDEX public.i'],
  [['SELECT pg_reload_conf()'], 'SELECT pg_reload_conf()'],
  [[], ''],
])('calls a run of an older console by its work: %j', (statements, name) => {
  const { main, form, waits, phases, ...plan } = RUN.plan
  expect(nameOfRun({ ...plan, statements })).toBe(name)
})
