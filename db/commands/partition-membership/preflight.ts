import { grantRole } from '../../server/grants'
import { ok } from '../../server/problem'
import { line, type PreflightCheck } from '../define-command'
import { otherWork, tableInUse } from '../preflight/other-work'
import type { MembershipFacts } from './facts'

type Check = PreflightCheck<MembershipFacts>

/** ALTER TABLE … ATTACH and DETACH PARTITION ask for both tables (manual, ALTER TABLE). */
export const ownsBoth: Check = async (_target, { server, facts: { owns_both: may, owner, parent_owner: above } }) =>
  may
    ? line(
        'privilege',
        'pass',
        'Privilege',
        `${server.role} ${server.isSuperuser ? 'is a superuser' : 'acts for the owner of both tables'}`,
      )
    : line(
        'privilege',
        'stop',
        `${server.role} may not do this`,
        `It takes the owner of both tables. ${[...new Set([owner, above])].flatMap((role) => grantRole(role, server)).join('; ')} would allow it.`,
      )

/** The same of the partitioned table, of which the commands lock more than of the partition. */
const ofParent =
  (check: Check): Check =>
  async (target, context, plan) => {
    const { parent, parent_name: name } = context.facts
    const above = { ...context, object: { ...context.object, relid: parent }, facts: { ...context.facts, table_name: name } }
    const answer = await check(target, above, plan)
    return answer.ok && answer.value ? ok({ ...answer.value, name: `parent-${answer.value.name}` }) : answer
  }

export const parentWork = ofParent(otherWork)
export const parentInUse = ofParent(tableInUse)
