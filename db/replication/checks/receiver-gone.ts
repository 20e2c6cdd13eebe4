import type { Check } from '../../checks/define-check'
import { ok } from '../../server/problem'
import { runRead } from '../../server/run-read'
import { OF_SERVER, readWalState } from '../look'
import { walReceiver } from '../reads/wal-receiver'

/** A standby that was told where its primary is, and gets nothing from there. One that lives on the archive alone has no primary_conninfo. */
export const receiverGone: Check = {
  name: 'receiver-gone',
  about: 'A standby has no WAL receiver, so it gets nothing of its primary',
  cadence: 'minute',
  scope: 'server',
  look: async (target) => {
    const [state, receiver] = await Promise.all([readWalState(target), runRead(target, walReceiver, {})])
    if (!state.ok) return state
    if (!receiver.ok) return receiver
    const { in_recovery: standby, has_primary_conninfo: told, lsn } = state.value
    if (!standby || told !== true || receiver.value.length > 0) return ok([])
    return ok([
      {
        ...OF_SERVER,
        name: 'wal receiver',
        title: 'This standby has no connection to its primary',
        evidence:
          `primary_conninfo is set, and no WAL receiver runs; it has replayed up to ${lsn ?? 'nothing yet'}. Either the primary is away or refuses it, or the ` +
          'WAL that it needs is gone, or it reads the archive. The server log of this standby says which.',
        severity: 'bad',
      },
    ])
  },
}
