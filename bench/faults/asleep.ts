import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from './fault'
import { going, type Stage, variants } from './works'

/** A lid that was closed, a machine that was moved: longer than anybody's patience with a heartbeat. */
const ASLEEP_MS = 70_000

const STAGES = variants(['rebuild', 'drop', 'vacuum', 'vacuum full', 'refresh'], going)
const WAITING = variants(undefined, ({ wire, queue }: Stage) => wire !== undefined || queue === 'retry')

/** The first worker sleeps; `meanwhile` happens in the middle of it. */
const asleep =
  (beside: boolean, ends: boolean): Fault['inject'] =>
  async (house, cases) => {
    const [first] = house.main.workers
    if (!first) throw new Error('No worker')
    first.freeze()
    if (beside) house.main.startWorker()
    await sleep(ASLEEP_MS / 2)
    if (ends) await Promise.all(cases.map((one) => one.release()))
    await sleep(ASLEEP_MS / 2)
    first.thaw()
    await sleep(2_000) // wakes up beside the other, and does what it was about to do
  }

export const ASLEEP: Fault[] = [
  { kind: 'worker asleep 70 s', name: 'alone', variants: STAGES, inject: asleep(false, false) },
  { kind: 'worker asleep 70 s', name: 'alone, work ends meanwhile', variants: WAITING, inject: asleep(false, true) },
  { kind: 'worker asleep 70 s', name: 'beside a second one', variants: STAGES, inject: asleep(true, false) },
  { kind: 'worker asleep 70 s', name: 'beside a second one, work ends meanwhile', variants: STAGES, inject: asleep(true, true) },
  { kind: 'worker asleep 70 s', name: 'with a statement on its way', variants: WAITING, inject: asleep(true, false) },
]
