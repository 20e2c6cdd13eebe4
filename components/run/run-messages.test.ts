import { expect, it } from 'vitest'
import { BLOCKER, PROGRESS, RUN } from '@/test/support/example-run'
import { blockerName, blockerState, blockerWho, runVerdict, silentSince, silentVerdict } from './run-messages'

it('says what is done, what it waits for, and whether somebody waits for it', () => {
  expect(runVerdict(RUN)).toEqual({
    title: 'Build and validate done. Waiting for one transaction to end.',
    below: 'It blocks no session. Reads and writes go on.',
  })
  expect(runVerdict({ ...RUN, progress: { ...PROGRESS, blocking: 3, waitingFor: [] } })).toEqual({
    title: 'Build and validate done. Now: wait for old snapshots.',
    below: 'It blocks three sessions. Reads and writes go on.',
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

it('says where a queued run stands and what it waits for', () => {
  const queued = { ...RUN, state: 'queued' as const }
  const waitsFor = { runId: '12', because: 'server' as const, going: true }
  expect(runVerdict(queued, {}, { place: 1, of: 1, waitsFor: null, attended: true }).below).toBe(
    'Next: a worker starts it within a few seconds.',
  )
  expect(runVerdict(queued, {}, { place: 1, of: 1, waitsFor, attended: true }).below).toBe(
    'Alone in the queue; waits for run #12 on the same server.',
  )
  expect(runVerdict(queued, {}, { place: 2, of: 3, waitsFor: { ...waitsFor, because: 'table', going: false }, attended: true }).below).toBe(
    'Number 2 of 3 in the queue; waits for run #12 on the same table, which is queued before it.',
  )
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
  expect(silentVerdict(at(0), false).title).toBe('No update since 14:02:00 UTC.')
  expect(silentVerdict(at(0), false).below).toContain('No worker is watching it')
  expect(silentVerdict(at(0), true).below).not.toContain('No worker')
})
