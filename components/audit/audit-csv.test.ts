import { expect, it } from 'vitest'
import type { AuditEntry } from '@/db/console/read-audit'
import { auditCsv } from './audit-csv'

const ENTRY: AuditEntry = {
  id: '7',
  at: '2026-11-23T14:02:15.000Z',
  actor: '=cmd|calc',
  action: 'run.confirmed',
  from: '192.0.2.7',
  serverName: 'lms, "primary"',
  database: null,
  runId: '42',
  statements: ['SET lock_timeout = 0', 'VACUUM public.t'],
  detail: { command: 'vacuum-table' },
}

it('quotes every field, and lets no spreadsheet run one', () => {
  expect(auditCsv([ENTRY], false)).toBe(
    `"7","2026-11-23T14:02:15.000Z","'=cmd|calc","run.confirmed","192.0.2.7","lms, ""primary""","","42","SET lock_timeout = 0;\nVACUUM public.t;","{""command"":""vacuum-table""}"\r\n`,
  )
})

it('names the columns once', () => {
  expect(auditCsv([], true)).toBe('"id","at","actor","action","from","server","database","run","sql","detail"\r\n')
})
