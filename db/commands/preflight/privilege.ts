import { grant, grantRole } from '../../server/grants'
import { identifier } from '../../server/identifiers'
import { type CommandFacts, line, type PreflightCheck } from '../define-command'
import type { RelationFacts } from '../facts/load'
import { nameOf } from '../sql'

type Right = 'may_maintain' | 'may_vacuum' | 'may_drop'

/** REINDEX, VACUUM, ANALYZE: ownership, or MAINTAIN from 17 on (manual, 5.8). DROP: ownership alone. All need USAGE on the schema. */
export const privilege =
  (right: Right): PreflightCheck<RelationFacts> =>
  async (_target, context) => {
    const { server, facts } = context
    const table = nameOf({ schemaname: facts.table_schema, relname: facts.table_name })
    const byMaintain = right !== 'may_drop' && server.major >= 17
    if (facts[right] && facts.may_use_schema) {
      const how = server.isSuperuser ? 'is a superuser' : byMaintain ? `may maintain ${table}` : `acts for ${facts.owner}`
      return line('privilege', 'pass', 'Privilege', `${server.role} ${how}`)
    }
    if (byMaintain) {
      const maintain = facts[right] ? [] : [grant(`MAINTAIN ON ${table}`, server)]
      return refused(context, facts.may_use_schema ? maintain : [...maintain, usageOfSchema(context)])
    }
    return refused(context, facts[right] ? [usageOfSchema(context)] : asOwner(context))
  }

/** ALTER TABLE of what is no right to maintain: the owner alone. */
export const ownerAlone: PreflightCheck<RelationFacts & { is_owner: boolean }> = async (_target, context) => {
  const { server, facts } = context
  if (facts.is_owner && facts.may_use_schema)
    return line('privilege', 'pass', 'Privilege', `${server.role} ${server.isSuperuser ? 'is a superuser' : `acts for ${facts.owner}`}`)
  return refused(context, facts.is_owner ? [usageOfSchema(context)] : asOwner(context))
}

type Context = Pick<CommandFacts<RelationFacts>, 'server' | 'facts'>

/** What makes a role act for the owner of a table, and reach it. */
export const asOwner = (context: Context): string[] => {
  const { server, facts } = context
  const reach = facts.may_use_schema || facts.owner_may_use ? [] : [usageOfSchema(context)]
  return [...grantRole(facts.owner, server), ...reach]
}

export const usageOfSchema = ({ server, facts }: Context): string => grant(`USAGE ON SCHEMA ${identifier(facts.table_schema)}`, server)

/** The statements, each as it is to be sent, that would lift it. */
export const refused = ({ server, facts }: Context, statements: string[]) =>
  line(
    'privilege',
    'stop',
    `${server.role} may not do this`,
    `The table belongs to ${facts.owner}. ${statements.join('; ')} would allow it.`,
  )
