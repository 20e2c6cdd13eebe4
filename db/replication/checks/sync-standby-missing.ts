import type { Check } from '../../checks/define-check'
import { formatCount } from '../../domain/format'
import { isStandby, OF_SERVER, ofReplication } from '../look'

/** How many standbys a COMMIT waits for: n of FIRST n (…), ANY n (…) and n (…); one of a plain list; none where it is empty (manual, 19.6.2). */
export function wantedStandbys(names: string): number {
  if (names.trim() === '') return 0
  const counted = /^\s*(?:(?:first|any)\s+)?(\d+)\s*\(/i.exec(names)
  return counted ? Number(counted[1]) : 1
}

/** Values of synchronous_commit with which a COMMIT waits for nobody else (manual, 19.5.1). */
const WAITS_FOR_NOBODY = new Set(['off', 'local'])

/** Fewer synchronous standbys are connected than a COMMIT waits for: it hangs until one comes, or the setting is changed. */
export const syncStandbyMissing: Check = {
  name: 'sync-standby-missing',
  about: 'Fewer synchronous standbys are connected than COMMIT waits for',
  cadence: 'minute',
  scope: 'server',
  look: ofReplication(({ state, standbys }) => {
    const wanted = wantedStandbys(state.synchronous_standby_names)
    if (wanted === 0 || state.in_recovery || WAITS_FOR_NOBODY.has(state.synchronous_commit) || !state.sees_all) return []
    const there = standbys.filter((one) => one.sync_state === 'sync' || one.sync_state === 'quorum')
    if (there.length >= wanted) return []
    const waiting = state.commits_waiting ?? 0
    return [
      {
        ...OF_SERVER,
        name: 'synchronous_standby_names',
        title: `COMMIT waits for ${formatCount(wanted, 'synchronous standby')}, and ${there.length} ${there.length === 1 ? 'is' : 'are'} connected`,
        evidence:
          `synchronous_standby_names is ${state.synchronous_standby_names}; ${formatCount(waiting, 'session')} ${waiting === 1 ? 'waits' : 'wait'} now (wait event SyncRep), ` +
          `${formatCount(standbys.filter(isStandby).length, 'standby')} of any kind connected. Start the standby, or take its name out of the setting and reload.`,
        severity: 'bad',
      },
    ]
  }),
}
