import { expect, it } from 'vitest'
import type { Run, RunBlocker, RunProgress, RunReceipt } from '@/db/runs/run-types'
import { receiptMarkdown } from './receipt-markdown'
import {
  blockerName,
  blockerState,
  blockerWho,
  mainStatement,
  removedRows,
  returnedBytes,
  runVerdict,
  silentSince,
  silentVerdict,
  undoOf,
} from './run-messages'

const RECEIPT: RunReceipt = {
  bytesBefore: 109_261_619,
  bytesAfter: 55_574_528,
  deadBefore: null,
  deadAfter: null,
  durationMs: 46_000,
  walBytes: null,
  checkedAfter: 'valid, ready, live',
  longestWaitMs: 0,
  waitedMs: 0,
  leftovers: [],
  notices: [],
}

const BLOCKER: RunBlocker = {
  pid: 4121,
  backendStart: '',
  usename: null,
  applicationName: 'metabase',
  clientAddr: null,
  state: 'idle in transaction',
  xactSeconds: 842,
  query: null,
}

const PROGRESS: RunProgress = {
  at: '2026-11-23T14:03:02Z',
  phases: [
    { name: 'Preflight', state: 'done', startedAt: null, endedAt: null, note: null },
    { name: 'Build', state: 'done', startedAt: null, endedAt: null, note: null },
    { name: 'Validate', state: 'done', startedAt: null, endedAt: null, note: null },
    { name: 'Wait for old snapshots', state: 'current', startedAt: null, endedAt: null, note: null },
  ],
  bars: [],
  waitingFor: [BLOCKER],
  blocking: 0,
  walBytes: null,
  bytesNow: null,
  longestWaitMs: 0,
  waitedMs: 0,
  backend: null,
  before: null,
}

const RUN: Run = {
  id: '1042',
  batchId: null,
  systemIdentifier: null,
  timeline: null,
  onStandby: false,
  serverId: 'sample',
  database: 'lms',
  command: 'reindex-index',
  input: {},
  object: { oid: 1, schemaname: 'public', relname: 'i', relfilenode: 1, relid: 2 },
  plan: {
    title: 'Rebuild i',
    statements: ['SET lock_timeout = 0', 'REINDEX INDEX CONCURRENTLY public."x|`y"'],
    main: 1,
    form: 'concurrently',
    waits: 'in one go',
    phases: [],
    locks: [{ mode: 'ShareUpdateExclusiveLock', relation: 'public.t', waits: '' }],
    effect: [],
    cancel: 'Cancel at any time. The old index stays valid.',
    phrase: 'i',
    alwaysTyped: false,
    undo: null,
    prediction: null,
  },
  preflight: [],
  giveUpMinutes: 30,
  windowId: null,
  retry: null,
  state: 'running',
  confirmedBy: 'ada@example.org',
  confirmedAt: '2026-11-23T14:02:14Z',
  startedAt: '2026-11-23T14:02:15Z',
  endedAt: null,
  backendPid: 1,
  progress: PROGRESS,
  receipt: null,
  problem: null,
}

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

it('says what is done, what it waits for, and whether somebody waits for it', () => {
  expect(runVerdict(RUN)).toEqual({
    title: 'Build and validate done. Waiting for one transaction to end.',
    below: 'Nobody waits for it. Reads and writes go on.',
  })
  expect(runVerdict({ ...RUN, progress: { ...PROGRESS, blocking: 3, waitingFor: [] } })).toEqual({
    title: 'Build and validate done. Now: wait for old snapshots.',
    below: 'Three sessions wait for it. Reads and writes go on.',
  })
})

it('counts those that PostgreSQL waits for one after another', () => {
  const bars = [{ name: 'Wait for lockers', done: 0, total: 5, unit: 'lockers' as const }]
  expect(runVerdict({ ...RUN, progress: { ...PROGRESS, bars } }).title).toMatch(/Waiting for five transactions to end\.$/)
  expect(runVerdict({ ...RUN, progress: { ...PROGRESS, bars: bars.map((bar) => ({ ...bar, done: 4 })) } }).title).toMatch(
    /for one transaction/,
  )
})

it('calls a prepared transaction no pid', () => {
  const prepared = { ...BLOCKER, pid: 0, applicationName: null, state: 'prepared transaction', xactSeconds: null }
  expect([blockerName(prepared), blockerState(prepared)]).toEqual(['a prepared transaction', ''])
  expect(blockerWho(prepared)).toContain('ROLLBACK PREPARED')
  expect([blockerName(BLOCKER), blockerWho(BLOCKER)]).toEqual(['pid 4121', 'metabase on the server itself'])
})

it('says what it gave', () => {
  const over = { ...RUN, state: 'succeeded' as const }
  expect(runVerdict({ ...over, receipt: RECEIPT }).title).toBe('Done: 51 MB returned.')
  expect(runVerdict({ ...over, receipt: { ...RECEIPT, deadBefore: '84210', deadAfter: '0', bytesAfter: RECEIPT.bytesBefore } }).title).toBe(
    'Done: 84,210 dead rows removed.',
  )
  expect(runVerdict({ ...over, receipt: { ...RECEIPT, bytesAfter: RECEIPT.bytesBefore } }).title).toBe('Done: the size is the same.')
  const analyzed = {
    ...over,
    does: { looksOnly: true, did: 'the statistics of the planner are new' } as const,
    receipt: { ...RECEIPT, deadBefore: '9', deadAfter: '9' },
  }
  expect(runVerdict(analyzed).title).toBe('Done: the statistics of the planner are new.')
  expect([removedRows(analyzed), returnedBytes(analyzed)]).toEqual([null, null])
})

it('does not hide what a cancelled run left behind', () => {
  const left = { oid: 9, schemaname: 'public', relname: 'i_ccnew', bytes: 1, advice: '' }
  expect(runVerdict({ ...RUN, state: 'cancelled', receipt: { ...RECEIPT, leftovers: [left] } }).below).toMatch(/^It left i_ccnew behind/)
  expect(runVerdict({ ...RUN, state: 'cancelled', receipt: { ...RECEIPT, leftovers: [left] } }, { 9: '1043' }).below).toBe(
    'What it left behind was removed since.',
  )
  expect(runVerdict({ ...RUN, state: 'cancelled' }).below).toBe('The old index stays valid.')
  expect(runVerdict({ ...RUN, state: 'cancelled', startedAt: null, retry: null }).below).toBe('It had not begun: nothing was sent.')
})

it('writes a receipt in which a name stays a name', () => {
  const text = receiptMarkdown({ ...RUN, state: 'succeeded', receipt: RECEIPT }, 'lms|<b>', RUN.confirmedAt)
  expect(text).toContain('### Run #1042: REINDEX INDEX CONCURRENTLY public."x\\|\\`y"')
  expect(text).toContain('| Where | lms\\|&lt;b> / lms |')
  expect(text).toContain('| Returned | 51.2 MB (49%) |')
  expect(text).toContain('```sql\nSET lock_timeout = 0;\nREINDEX INDEX CONCURRENTLY public."x|`y";\n```')
})

it('says where a queued run stands and what it waits for', () => {
  const queued = { ...RUN, state: 'queued' as const }
  const waitsFor = { runId: '12', because: 'server' as const, going: true }
  expect(runVerdict(queued, {}, { place: 1, of: 1, waitsFor: null, attended: true }).below).toBe(
    'Next: a worker takes it within a few seconds.',
  )
  expect(runVerdict(queued, {}, { place: 1, of: 1, waitsFor, attended: true }).below).toBe(
    'Alone in the queue; waits for run #12 on the same server.',
  )
  expect(runVerdict(queued, {}, { place: 2, of: 3, waitsFor: { ...waitsFor, because: 'table', going: false }, attended: true }).below).toBe(
    'Number 2 of 3 in the queue; waits for run #12 on the same table, which is queued before it.',
  )
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

it('does not promise a worker where none is', () => {
  const queued = { ...RUN, state: 'queued' as const }
  expect(runVerdict(queued, {}, { place: 1, of: 1, waitsFor: null, attended: false }).below).toBe('Next, as soon as a worker runs.')
})

it('says since when nothing was heard of a run', () => {
  const at = (seconds: number) => new Date(Date.UTC(2026, 10, 23, 14, 2, seconds)).toISOString()
  const running = { ...RUN, state: 'running' as const, progress: { ...PROGRESS, at: at(0) } }
  expect(silentSince(running, at(10))).toBeNull()
  expect(silentSince(running, at(11))).toBe(at(0))
  expect(silentSince({ ...running, state: 'succeeded' }, at(11))).toBeNull()
  expect(silentSince({ ...running, progress: null }, at(11))).toBeNull()
  const restart = { ...running.plan, form: 'shell' as const }
  expect(silentSince({ ...running, plan: restart }, at(11))).toBeNull()
  expect(silentVerdict(at(0), false).title).toBe('Not heard of since 14:02:00 UTC.')
  expect(silentVerdict(at(0), false).below).toContain('No worker watches it')
  expect(silentVerdict(at(0), true).below).not.toContain('No worker')
})
