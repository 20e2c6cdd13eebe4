import type { Check } from '../../checks/define-check'
import { formatFirst } from '../../domain/format'
import { identifier } from '../../server/identifiers'
import { ok } from '../../server/problem'
import { runRead } from '../../server/run-read'
import { openSchemas } from '../reads/open-schemas'

/** From here on initdb grants it to nobody; what was upgraded from before has it still (release notes of 15, E.1). */
const CLOSED_SINCE = 15

/**
 * Silent about schema public of 14, which comes so, and where nobody could use it: no role but superusers, the owner and the one that asks may log in.
 * https://www.postgresql.org/docs/current/ddl-schemas.html#DDL-SCHEMAS-PATTERNS, CVE-2018-1058
 */
export const schemaOpen: Check = {
  name: 'schema-open',
  about:
    'Schemas in which every role may create objects, as public was before 15: a function there may run with the rights of whoever calls it',
  cadence: 'hour',
  look: async (target) => {
    const read = await runRead(target, openSchemas, {})
    if (!read.ok) return read
    return ok(
      read.value
        .filter(({ nspname, major, logins }) => logins.length > 0 && (nspname !== 'public' || major >= CLOSED_SINCE))
        .map(({ nspname, owner, logins, makers }) => ({
          kind: 'server',
          name: nspname,
          title: `Every role may create objects in schema ${identifier(nspname)}`,
          evidence: `CREATE is granted to PUBLIC; the owner is ${owner}. ${formatFirst(logins)} can make a function or an operator there that fits a call of somebody else better than PostgreSQL's own, and it runs with the rights of whoever calls.${makers.length > 0 ? ` ${formatFirst(makers)} ${makers.length === 1 ? 'has' : 'have'} objects there already: grant CREATE to them by name first.` : ''}`,
          trust: { kind: 'exact' },
          severity: 'warn',
          fix: null,
          sql: `REVOKE CREATE ON SCHEMA ${identifier(nspname)} FROM PUBLIC;`,
        })),
    )
  },
}
