import type { ConsoleWriter } from '../console/writer'
import type { PlannedCommand } from './planner'
import type { Run } from './run-types'
import { insertRun } from './runs'

/** Whose a run is, and under which terms it was confirmed. */
interface Terms {
  serverId: string
  database: string
  confirmedBy: string
  batchId: string | null
  confirmation?: string
  windowId: string | null
  nightId?: number
  /** Left out: what its plan says. */
  giveUpMinutes?: number
}

/** For a run that waits for nobody, so that it does not matter. */
const GIVE_UP_MINUTES = 30

/** Writes a run down as it was planned, queued and bound to the cluster that it was planned on; inside the caller's transaction. */
export function insertPlanned(
  { cluster, command, input, object, plan, preflight }: PlannedCommand,
  terms: Terms,
  tx: ConsoleWriter,
): Promise<Run> {
  const planned = {
    ...{ command, input, object, plan, preflight },
    systemIdentifier: cluster?.systemIdentifier ?? null,
    timeline: cluster?.timeline ?? null,
    onStandby: cluster?.inRecovery ?? false,
  }
  return insertRun({ ...planned, ...terms, giveUpMinutes: terms.giveUpMinutes ?? plan.patience?.minutes ?? GIVE_UP_MINUTES }, tx)
}
