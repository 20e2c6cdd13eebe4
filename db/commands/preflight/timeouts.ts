import { z } from 'zod'
import { defineRead } from '../../server/define-read'
import { ok } from '../../server/problem'
import { runRead } from '../../server/run-read'
import type { PreflightCheck } from '../define-command'
import { isConcurrent } from './plan-kind'

/** What a new session of this role in this database starts with: settings that our own reads changed are looked through. */
const roleTimeouts = defineRead({
  name: 'role-timeouts',
  about: 'lock_timeout and statement_timeout that a session of this role starts with',
  params: z.object({}),
  row: z.object({ name: z.string(), reset_val: z.coerce.number() }),
  sql: /* sql */ `
select /* proctor:role-timeouts */ name, reset_val from pg_settings where name in ('lock_timeout', 'statement_timeout') and reset_val <> '0' order by name`,
})

/** A default of the role that would have ended a concurrent build half-way; the plan sets it to 0. */
export const timeouts: PreflightCheck = async (target, _facts, plan) => {
  if (!isConcurrent(plan)) return ok(null)
  const found = await runRead(target, roleTimeouts, {})
  if (!found.ok) return found
  if (found.value.length === 0) return ok(null)
  const names = found.value.map(({ name, reset_val: ms }) => `${name} of ${ms / 1000} s`).join(' and ')
  return ok({
    name: 'timeouts',
    status: 'pass',
    title: 'Timeouts of the role',
    detail: `The default ${names} would abort the run and leave an invalid copy. It is 0 for this session; Proctor gives up after the wait that is chosen here.`,
  })
}
