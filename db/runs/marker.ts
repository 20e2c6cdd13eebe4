import { consoleId } from '../console/console-id'
import type { Problem, Result } from '../server/problem'
import { formerMarker, runMarker } from '../server/run-marker'
import { runRead } from '../server/run-read'
import { cancelSession } from '../server/session'
import type { Target } from '../server/target'
import { patiently } from './patient'
import { runTwins } from './run-sample'
import type { Backend, Run } from './run-types'

/** The application_name for a new session of a run. */
export const markerOf = async (runId: string): Promise<string> => runMarker(runId, await patiently(() => consoleId()))

/** The application_name that a session of a run has, as it was written down. */
export const markerOfSession = (runId: string, { marker }: Backend): string => marker ?? formerMarker(runId)

/** A cancel request to exactly the session that was written down for a run. Errors: as cancelSession. */
export const cancelRunSession = (target: Target, runId: string, backend: Backend): Promise<Result<boolean>> =>
  cancelSession(target, backend, markerOfSession(runId, backend))

/**
 * Why a run may not begin: a session under its own marker is there already that it did not open. So another console has this one's
 * id, as the copy of a console has until somebody says that it is one. Null: there is none.
 */
export async function twinAtServer(run: Run, target: Target, own: Backend): Promise<Problem | null> {
  const found = await runRead(target, runTwins, { application_name: markerOfSession(run.id, own), pid: own.pid })
  if (!found.ok) return found.problem
  const [twin] = found.value
  if (!twin) return null
  const message = `A session "${own.marker}" that this run did not open is at the server, pid ${twin.pid} since ${twin.backend_start}: another console has the id of this one, or an earlier try has not ended`
  return {
    kind: 'conflict',
    message,
    hint: 'Nothing was sent. If this console or the other is a copy, say so there: npm run -s proctor -- copied',
  }
}
