import { cancelBackendRequest, terminateBackendRequest } from '@/db/commands/signal/request'
import type { CommandRequest } from '@/db/domain/command-request'
import type { RunBlocker } from '@/db/runs/run-types'

/**
 * How a blocker can be made to let go, the mildest first: a statement can be cancelled; a session that idles in its
 * transaction can only be ended (manual, 9.28.2). None for a prepared transaction, or where its start is hidden.
 */
export function waysToEnd({
  pid,
  backendStart,
  state,
}: Pick<RunBlocker, 'pid' | 'backendStart' | 'state'>): { label: string; request: CommandRequest }[] {
  if (pid <= 0 || backendStart === '') return []
  const input = { pid, backendStart }
  const end = { label: `End pid ${pid}…`, request: terminateBackendRequest(input) }
  return state === 'active' ? [{ label: 'Cancel its statement…', request: cancelBackendRequest(input) }, end] : [end]
}
