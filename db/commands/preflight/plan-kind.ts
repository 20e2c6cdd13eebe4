import type { Plan } from '../define-command'

/** Whether a plan runs one of the CONCURRENTLY forms, which wait for other transactions instead of stopping them. */
export const isConcurrent = (plan: Plan): boolean =>
  plan.statements.some((statement) => /^(REINDEX \w+|DROP INDEX|CREATE( UNIQUE)? INDEX) CONCURRENTLY /.test(statement))

/** Whether it shuts readers or writers out. */
export const isExclusive = (plan: Plan): boolean => plan.locks.some(({ mode }) => mode === 'AccessExclusiveLock')
