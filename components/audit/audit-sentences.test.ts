import { expect, it } from 'vitest'
import { auditSentence } from './audit-sentences'

it('says what was asked for, and what came of it', () => {
  const said = (action: string, detail: Record<string, unknown>) => auditSentence({ action, detail })
  expect([
    said('data.exported', { what: 'indexes', format: 'csv', rows: 52, filter: { verdict: 'bloated', q: '' } }),
    said('data.exported', { what: 'audit', format: 'csv', rows: 3, filter: {} }),
    said('data.exported', { what: 'queries', format: 'json', filter: {}, problem: 'The server does not answer.' }),
    said('server.tested', { host: 'db', port: 5432, user: 'ada', version: '18.4', tls: null, durationMs: 12 }),
    said('server.tested', { host: 'db', port: 5432, user: 'ada', problem: 'The password is wrong.' }),
    said('index.measured', { indexrelid: 7, method: 'pageinspect' }),
    said('script.made', { kind: 'rebuild', count: 1 }),
    said('console.backed-up', { file: '/backups/one', tables: 128, secret: 'left out' }),
    said('console.restored', { backupOf: '2026-11-28T22:47:14Z', consoleId: 'e136df2558c0', version: '0.1.0', secret: 'the former' }),
    said('change-role', { user: 'bob', before: 'viewer' }),
  ]).toMatchInlineSnapshot(`
    [
      "52 indexes as CSV, filtered by verdict "bloated"",
      "3 entries of the audit as CSV",
      "queries as JSON: The server does not answer.",
      "db:5432 as ada: PostgreSQL 18.4, not encrypted, took 12 ms",
      "db:5432 as ada: The password is wrong.",
      "Index with OID 7: measured by pageinspect",
      "SQL to copy, rebuild of one index",
      "Console backed up to /backups/one: 128 tables, the secret left out",
      "Restored from the backup of 28 Nov 2026 22:47 UTC, of console e136df2558c0 (Proctor 0.1.0), under the former secret",
      "user: bob, before: viewer",
    ]
  `)
})

it('says what became of the console itself', () => {
  const said = (action: string, detail: Record<string, unknown>) => auditSentence({ action, detail })
  const origin = 'http://127.0.0.1:3000'
  expect([
    said('console.started', { origin, folder: '/data', pid: 7 }),
    said('console.started', { origin, folder: '/data', pid: 7, formerEnd: 'unexpected' }),
    said('console.stopped', {}),
    said('console.stopped', { status: 1 }),
    said('console.part-restarted', { part: 'web server', ended: 'signal SIGKILL', endedAt: '2026-11-28T22:19:56.423Z' }),
  ]).toMatchInlineSnapshot(`
    [
      "The console was started: http://127.0.0.1:3000",
      "The console was started: http://127.0.0.1:3000; the previous one was killed, or its machine went down",
      "The console was stopped",
      "The console ended with status 1",
      "The web server ended unexpectedly (signal SIGKILL) at 28 Nov 2026 22:19 UTC; the launcher restarted it",
    ]
  `)
})

it('says which cluster a server is, and what became of it', () => {
  const [a, b] = ['7577340221118103512', '7577340221118109999']
  const recorded = { systemIdentifier: a, timeline: 1, otherIdentifier: null, standbySince: null, unknownSince: null }
  const nobody = { ...recorded, systemIdentifier: null, timeline: null }
  const seen = { systemIdentifier: a, timeline: 1, inRecovery: false }
  const standby = { ...recorded, standbySince: '2026-11-28T22:19:56.423Z' }
  const said = (action: string, detail: Record<string, unknown>) => auditSentence({ action, detail })
  expect([
    said('cluster.seen-first', { recorded: nobody, seen }),
    said('cluster.seen-first', { recorded: nobody, seen: { ...seen, inRecovery: true } }),
    said('cluster.another-answers', { recorded, seen: { ...seen, systemIdentifier: b } }),
    said('cluster.answers-again', { recorded, seen }),
    said('cluster.promoted', { recorded: standby, seen: { ...seen, timeline: 2 } }),
    said('cluster.promoted', { recorded, seen: { ...seen, timeline: 2 } }),
    said('cluster.promoted', { recorded: { ...recorded, timeline: 2 }, seen }),
    said('cluster.is-standby', { recorded, seen: { ...seen, inRecovery: true } }),
    said('cluster.is-primary', { recorded: standby, seen }),
    said('cluster.unknown', { recorded }),
    said('cluster.known-again', { recorded, seen }),
    said('cluster.adopted', { before: a, after: b, timeline: 1, version: '18.4' }),
    said('cluster.adopted', { before: null, after: b, timeline: 1, version: '18.4' }),
  ]).toMatchInlineSnapshot(`
    [
      "First seen: cluster 7577340221118103512, timeline 1",
      "First seen: cluster 7577340221118103512, timeline 1, a standby",
      "Another cluster answers: 7577340221118109999 (recorded: 7577340221118103512); runs are held",
      "The recorded cluster answers again: cluster 7577340221118103512, timeline 1",
      "Promoted: timeline 1 → 2",
      "Promoted, or recovered to a point in time: timeline 1 → 2",
      "Timeline 2 → 1: a server of the same cluster answers that was not promoted",
      "A standby answers: cluster 7577340221118103512; runs for a primary are held",
      "A primary answers: cluster 7577340221118103512, timeline 1",
      "The system identifier can no longer be read (recorded: 7577340221118103512); runs are held",
      "The system identifier can be read again: cluster 7577340221118103512, timeline 1",
      "This server is now cluster 7577340221118109999, timeline 1, PostgreSQL 18.4 (until then 7577340221118103512)",
      "This server is now cluster 7577340221118109999, timeline 1, PostgreSQL 18.4",
    ]
  `)
})

it('says what an administrator made of a server, without the text of a certificate', () => {
  const host = '10.0.0.7'
  const before = { name: 'Billing', host, port: 5432, username: 'proctor', database: 'postgres', sslmode: 'verify-full', readOnly: false }
  const said = (action: string, detail: Record<string, unknown>) => auditSentence({ action, detail })
  const ca = (sslrootcert: string) => ({ ...before, sslrootcert })
  expect([
    said('add-server', { after: { ...before, readOnly: true }, password: 'given' }),
    said('change-server', {
      before,
      after: { ...before, host: '10.0.0.8', port: 5433 },
      password: 'changed',
      cluster: { before: '7712', after: '7713' },
    }),
    said('change-server', { before: ca('-----BEGIN one'), after: { ...ca('-----BEGIN two'), name: 'Bills' }, password: 'kept' }),
    said('mark-server', { before: { readOnly: false }, after: { readOnly: true } }),
    said('mark-server', { before: { readOnly: true }, after: { readOnly: true } }),
    said('remove-server', { before }),
    said('add-window', { after: { name: 'Night', cron: '0 2 * * *', timeZone: 'Europe/Prague', minutes: 60 } }),
    said('run.cancelled', { whileIn: 'queued', problem: { kind: 'another_cluster', message: 'It was confirmed for the cluster 7712.' } }),
    said('run.cancelled', { whileIn: 'running' }),
  ]).toMatchInlineSnapshot(`
    [
      "Billing, 10.0.0.7:5432/postgres as proctor, TLS verify-full, read-only, password given",
      "host 10.0.0.7 → 10.0.0.8, port 5432 → 5433, cluster 7712 → 7713, password changed",
      "name Billing → Bills, another authority, password kept",
      "read-only no → yes",
      "nothing changed",
      "Billing, 10.0.0.7:5432/postgres as proctor, TLS verify-full",
      "Night, 0 2 * * *, Europe/Prague, for 60 min",
      "Cancelled before it started. It was confirmed for the cluster 7712.",
      "Cancelled while running",
    ]
  `)
})
