import { ok } from '../../server/problem'
import type { PreflightCheck } from '../define-command'

/** A standby takes no maintenance: it gets the primary's (manual, 26.4.1). */
export const standby: PreflightCheck = async (_target, { server }) =>
  ok(
    server.inRecovery
      ? {
          name: 'standby',
          status: 'stop',
          title: 'This server is a standby',
          detail: 'Maintenance runs on the primary and is replicated to here.',
        }
      : null,
  )
