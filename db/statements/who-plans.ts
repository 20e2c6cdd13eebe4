import { strongRole } from '../privileges/reads/strong-role'
import { failed, ok, type Result } from '../server/problem'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'

/**
 * Planning evaluates functions, so a plan from a connection that may do anything is for operators; by another, whoever may look may ask.
 * Errors: insufficient_privilege with what would help; as the read.
 */
export async function mayPlan(target: Target, isOperator: boolean): Promise<Result<null>> {
  if (isOperator) return ok(null)
  const found = await runRead(target, strongRole, {})
  if (!found.ok) return found
  const role = found.value[0]
  if (role && !role.strong) return ok(null)
  return failed(
    'insufficient_privilege',
    `A plan takes an operator here: Proctor connects as ${role?.role}, which may do anything on the server`,
    {
      hint: 'Planning evaluates functions with the rights of the role that asks. Where Proctor connects as a role that is no superuser, with pg_monitor and pg_read_all_data, viewers explain as well.',
    },
  )
}
