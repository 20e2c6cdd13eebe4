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
      "user: bob, before: viewer",
    ]
  `)
})
