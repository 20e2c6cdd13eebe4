import { identifier } from '../../target/identifiers'
import { ok } from '../../target/problem'
import type { PreflightCheck, PreflightLine } from '../define-command'
import type { RelationFacts } from '../facts/load'
import { nameOf } from '../sql'

type Right = 'may_maintain' | 'may_vacuum' | 'may_drop'

/** REINDEX, VACUUM, ANALYZE: ownership, or MAINTAIN from 17 on (manual, 5.8). DROP: ownership alone. */
export const privilege =
  (right: Right): PreflightCheck<RelationFacts> =>
  async (_target, { server, facts }) => {
    const table = nameOf({ schemaname: facts.table_schema, relname: facts.table_name })
    const line = (status: PreflightLine['status'], title: string, detail: string) => ok({ name: 'privilege', status, title, detail })
    if (facts[right]) {
      const how = server.isSuperuser
        ? 'is a superuser'
        : right === 'may_drop' || server.major < 17
          ? `acts for ${facts.owner}`
          : `may maintain ${table}`
      return line('pass', 'Privilege', `${server.role} ${how}`)
    }
    const grant =
      server.major >= 17 && right !== 'may_drop'
        ? `GRANT MAINTAIN ON ${table} TO ${identifier(server.role)}`
        : `GRANT ${identifier(facts.owner)} TO ${identifier(server.role)}`
    return line('stop', `${server.role} may not do this`, `The table belongs to ${facts.owner}. ${grant} would allow it.`)
  }
