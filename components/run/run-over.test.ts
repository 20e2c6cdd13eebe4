import { expect, it } from 'vitest'
import { PROGRESS, RECEIPT, RUN } from '@/test/support/example-run'
import { receiptMarkdown } from './receipt-markdown'
import { removedRows, returnedBytes, runVerdict, undoOf } from './run-messages'

it('says what it gave', () => {
  const over = { ...RUN, state: 'succeeded' as const }
  expect(runVerdict({ ...over, receipt: RECEIPT }).title).toBe('Done: 51 MB returned.')
  expect(runVerdict({ ...over, receipt: { ...RECEIPT, deadBefore: '84210', deadAfter: '0', bytesAfter: RECEIPT.bytesBefore } }).title).toBe(
    'Done: 84,210 dead rows removed.',
  )
  expect(runVerdict({ ...over, receipt: { ...RECEIPT, bytesAfter: RECEIPT.bytesBefore } }).title).toBe('Done: the size is the same.')
  const analyzed = {
    ...over,
    does: { looksOnly: true, did: 'the planner statistics are refreshed' } as const,
    receipt: { ...RECEIPT, deadBefore: '9', deadAfter: '9' },
  }
  expect(runVerdict(analyzed).title).toBe('Done: the planner statistics are refreshed.')
  expect([removedRows(analyzed), returnedBytes(analyzed)]).toEqual([null, null])
})

it('does not hide what a cancelled run left behind', () => {
  const left = { oid: 9, schemaname: 'public', relname: 'i_ccnew', bytes: 1, advice: '' }
  expect(runVerdict({ ...RUN, state: 'cancelled', receipt: { ...RECEIPT, leftovers: [left] } }).below).toMatch(/^It left i_ccnew behind/)
  expect(runVerdict({ ...RUN, state: 'cancelled', receipt: { ...RECEIPT, leftovers: [left] } }, { 9: '1043' }).below).toBe(
    'What it left behind has since been removed.',
  )
  expect(runVerdict({ ...RUN, state: 'cancelled' }).below).toBe('The old index stays valid.')
  expect(runVerdict({ ...RUN, state: 'cancelled', startedAt: null, retry: null }).below).toBe('It had not started: nothing was sent.')
})

it('writes a receipt in which a name stays a name', () => {
  const text = receiptMarkdown({ ...RUN, state: 'succeeded', receipt: RECEIPT }, 'lms|<b>', RUN.confirmedAt)
  expect(text).toContain('### Run #1042: REINDEX INDEX CONCURRENTLY public."x\\|\\`y"')
  expect(text).toContain('| Where | lms\\|&lt;b> / lms |')
  expect(text).toContain('| Returned | 51.2 MB (49%) |')
  expect(text).toContain('```sql\nSET lock_timeout = 0;\nREINDEX INDEX CONCURRENTLY public."x|`y";\n```')
})

it('says what was done where there is no size', () => {
  const done = {
    ...RUN,
    state: 'succeeded' as const,
    receipt: { ...RECEIPT, bytesBefore: null, bytesAfter: null, checkedAfter: 'took effect' },
  }
  expect(runVerdict({ ...done, does: { did: 'the options are changed' } }).title).toBe('Done: the options are changed.')
  expect(runVerdict({ ...done, does: { did: 'the session has ended' } }).title).toBe('Done: the session has ended.')
  expect(
    runVerdict({ ...done, does: { did: 'the statement has ended' }, receipt: { ...done.receipt, checkedAfter: 'took no effect' } }).title,
  ).toBe('Done, without effect.')
  expect(runVerdict({ ...done, does: { did: 'refreshed' }, receipt: RECEIPT }).title).toBe('Done: refreshed, 51 MB returned.')
})

it('offers the way back of all that a run did, or of the part that it did before it failed', () => {
  const undo = { sql: 'ALTER SYSTEM RESET jit', with: { command: 'change-settings', input: { set: {}, reset: ['jit'] } } }
  const plan = { ...RUN.plan, undo: 'ALL OF IT', undoWith: { command: 'change-settings', input: {} } }
  expect(undoOf({ ...RUN, plan, state: 'succeeded' })?.sql).toBe('ALL OF IT')
  expect(undoOf({ ...RUN, plan, state: 'running' })).toBeNull()
  expect(undoOf({ ...RUN, plan, state: 'failed', receipt: RECEIPT })).toBeNull()
  const failed = { ...RUN, plan, state: 'failed' as const, receipt: { ...RECEIPT, undo } }
  expect(undoOf(failed)).toMatchObject(undo)
  expect(receiptMarkdown(failed, 'prod', '2026-11-23T14:03:02Z')).toContain('ALTER SYSTEM RESET jit')
  expect(receiptMarkdown(failed, 'prod', '2026-11-23T14:03:02Z')).not.toContain('ALL OF IT')
})

it('says of a restart what it means for others, and which settings took', () => {
  const plan = { ...RUN.plan, meanwhile: 'Every session is ended.' }
  expect(runVerdict({ ...RUN, plan, state: 'running', progress: PROGRESS }).below).toBe('Every session is ended.')
  const settings = [
    { name: 'max_connections', was: '100', wanted: '70', is: '70', took: true },
    { name: 'huge_pages', was: 'try', wanted: 'on', is: 'try', took: false },
  ]
  const receipt = { ...RECEIPT, restart: { startedBefore: '2026-11-23T14:03:02Z', startedAfter: '2026-11-23T14:03:05Z', settings } }
  const text = receiptMarkdown({ ...RUN, state: 'failed', receipt }, 'prod', '2026-11-23T14:03:06Z')
  expect(text).toContain('| max_connections | 100 → 70 |')
  expect(text).toContain('| huge_pages | try → try, not on |')
})
