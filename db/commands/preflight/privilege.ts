import { identifier } from '../../server/identifiers'
import { line, type PreflightCheck } from '../define-command'
import type { RelationFacts } from '../facts/load'
import { nameOf } from '../sql'

type Right = 'may_maintain' | 'may_vacuum' | 'may_drop'

/** REINDEX, VACUUM, ANALYZE: ownership, or MAINTAIN from 17 on (manual, 5.8). DROP: ownership alone. */
export const privilege =
  (right: Right): PreflightCheck<RelationFacts> =>
  async (_target, { server, facts }) => {
    const table = nameOf({ schemaname: facts.table_schema, relname: facts.table_name })
    if (facts[right]) {
      const how = server.isSuperuser
        ? 'is a superuser'
        : right === 'may_drop' || server.major < 17
          ? `acts for ${facts.owner}`
          : `may maintain ${table}`
      return line('privilege', 'pass', 'Privilege', `${server.role} ${how}`)
    }
    const grant =
      server.major >= 17 && right !== 'may_drop'
        ? `GRANT MAINTAIN ON ${table} TO ${identifier(server.role)}`
        : `GRANT ${identifier(facts.owner)} TO ${identifier(server.role)}`
    return line('privilege', 'stop', `${server.role} may not do this`, `The table belongs to ${facts.owner}. ${grant} would allow it.`)
  }
