import { describe, expect, it } from 'vitest'
import { blockingTree } from './blocking'
import type { SessionRow } from './reads/sessions'
import { onlyWaits, remedyFor } from './root-blocker'

const waiter = (pid: number, by: { pid: number; gid: string | null }[]) => ({
  pid,
  awaits: { locktype: 'relation', mode: 'ShareLock' } as SessionRow['awaits'],
  wait_seconds: 30,
  blocked_by: by.map((one) => ({ ...one, mode: null, granted: true })),
})
const [root] = blockingTree([waiter(2, [{ pid: 1, gid: null }])])
const session = (more: Partial<SessionRow>): SessionRow =>
  ({
    pid: 1,
    backend_start: '2026-11-29T00:00:00.000000Z',
    backend_type: 'client backend',
    state: 'idle in transaction',
    query: 'select 1',
    wait_event: null,
    wait_event_type: null,
    blocked_by: null,
    own: false,
    ...more,
  }) as SessionRow
const remedy = (row: SessionRow | undefined) => {
  if (!root) throw new Error('No tree')
  return remedyFor(root, row)
}

describe('the remedy for a root blocker', () => {
  it('is the end of a client session', () => {
    const end = { fix: { command: 'terminate-backend' }, sql: 'SELECT pg_terminate_backend(1);' }
    expect(remedy(session({}))).toMatchObject(end)
    expect(remedy(session({ backend_start: null }))).toMatchObject({ fix: null, sql: end.sql })
  })

  it('is none for what the server does itself, or starts again', () => {
    const none = { fix: null, sql: null }
    expect(remedy(undefined)).toMatchObject(none)
    expect(remedy(session({ own: true }))).toMatchObject(none)
    expect(remedy(session({ backend_type: 'logical replication apply worker' }))).toMatchObject(none)
    expect(remedy(session({ state: 'active', wait_event_type: 'IPC', wait_event: 'SyncRep' }))).toMatchObject(none)
    expect(remedy(session({ wait_event_type: 'Lock' }))).toMatchObject(none)
  })

  it('lets an autovacuum that prevents wraparound end, and cancels another', () => {
    const autovacuum = (query: string) => session({ backend_type: 'autovacuum worker', state: 'active', query })
    expect(remedy(autovacuum('autovacuum: VACUUM public.t (to prevent wraparound)'))).toMatchObject({ fix: null, sql: null })
    expect(remedy(autovacuum('autovacuum: VACUUM public.t'))).toMatchObject({ fix: { command: 'cancel-backend' } })
  })

  it('knows who only waits', () => {
    expect(onlyWaits({ wait_event_type: 'Lock', blocked_by: null })).toBe(true)
    expect(onlyWaits({ wait_event_type: 'IPC', blocked_by: null })).toBe(false)
    expect(onlyWaits({ wait_event_type: null, blocked_by: [{ pid: 1, gid: null, mode: null, granted: true }] })).toBe(true)
  })
})
