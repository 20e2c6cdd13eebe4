import type { Check } from '../../checks/define-check'
import { formatCount } from '../../domain/format'
import { identifier, qualified } from '../../server/identifiers'
import { ok } from '../../server/problem'
import { runRead } from '../../server/run-read'
import { unvalidatedConstraints } from '../reads/unvalidated-constraints'

/** Our own choice: NOT VALID first and VALIDATE later is how one adds a constraint beside writes, so what is young is on its way. PostgreSQL keeps no time of it. */
const OLD_TRANSACTIONS = 10_000

const WHAT: Record<string, string> = { c: 'CHECK constraint', f: 'Foreign key', n: 'NOT NULL constraint' }

/** Silent while somebody validates it. https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-VALIDATE-CONSTRAINT */
export const constraintNotValidAfter = (transactions: number): Check => ({
  name: 'constraint-not-valid',
  about:
    'Constraints that have been NOT VALID for more than 10,000 transactions: old rows may break them, and the planner does not rely on them',
  cadence: 'hour',
  look: async (target) => {
    const read = await runRead(target, unvalidatedConstraints, {})
    if (!read.ok) return read
    return ok(
      read.value
        .filter(({ age, busy }) => age >= transactions && !busy)
        .map(({ conname, contype, relid, schemaname, relname, age }) => {
          const table = qualified(schemaname, relname)
          return {
            kind: 'relation',
            what: 'table',
            schemaname,
            relname,
            oid: relid,
            part: conname,
            title: `${WHAT[contype] ?? 'Constraint'} ${identifier(conname)} of ${table} is NOT VALID`,
            evidence: `It holds for new rows; those from before were never checked. ${formatCount(age, 'transaction')} have begun since it was made or altered (threshold ${formatCount(transactions, 'transaction')}). VALIDATE reads the table and lets others read and write meanwhile; it fails if a row breaks the constraint.`,
            trust: { kind: 'exact' },
            severity: 'info',
            fix: null,
            sql: `ALTER TABLE ${table} VALIDATE CONSTRAINT ${identifier(conname)};`,
          }
        }),
    )
  },
})

export const constraintNotValid = constraintNotValidAfter(OLD_TRANSACTIONS)
