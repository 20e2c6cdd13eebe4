import { setTimeout as sleep } from 'node:timers/promises'
import { type Actor, refusal } from '../console/roles'
import { failed, ok, type Result } from '../server/problem'
import { cancelRun } from './cancel'
import { listRuns } from './runs'

/** A cancelled statement ends within a moment, unless it cannot be interrupted just then. */
const PATIENCE_MS = 20_000
const MOST = 1_000

/** The runs of a server that are not over, by their numbers. */
export interface OpenRuns {
  queued: string[]
  going: string[]
}

/** What has to end before a server gets another address, or is removed. */
export async function openRunsOf(serverId: string): Promise<OpenRuns> {
  const open = await listRuns({ serverId, states: ['queued', 'running', 'cancelling'] }, MOST)
  const ids = (queued: boolean) => open.filter(({ state }) => (state === 'queued') === queued).map(({ id }) => id)
  return { queued: ids(true), going: ids(false) }
}

/**
 * Cancels the runs of a server that somebody was shown, and waits for those that are going on.
 * Errors: conflict when others are open by now, or one does not end in time; insufficient_privilege.
 */
export async function closeRuns(serverId: string, shown: OpenRuns, actor: Actor, patienceMs = PATIENCE_MS): Promise<Result<null>> {
  const problem = refusal(actor, 'operator')
  if (problem) return { ok: false, problem }
  const agreed = new Set([...shown.queued, ...shown.going])
  const all = ({ queued, going }: OpenRuns) => [...queued, ...going]
  const open = all(await openRunsOf(serverId))
  if (open.some((id) => !agreed.has(id))) return failed('conflict', 'The open runs have changed since they were shown. Check again.')
  for (const id of open) {
    const cancelled = await cancelRun(id, actor)
    if (!cancelled.ok && cancelled.problem.kind !== 'conflict') return cancelled // a conflict: it has ended meanwhile
  }
  for (const until = Date.now() + patienceMs; ; await sleep(250)) {
    const left = all(await openRunsOf(serverId))
    if (left.length === 0) return ok(null)
    if (Date.now() > until) {
      const which = left.map((id) => `#${id}`).join(', ')
      return failed('conflict', `${left.length === 1 ? `Run ${which} does` : `Runs ${which} do`} not end. Nothing was changed.`, {
        hint: 'A cancel has been asked for; see on the page of the run what it waits for, and whether a worker is running.',
      })
    }
  }
}
