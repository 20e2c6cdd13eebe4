import { setTimeout as sleep } from 'node:timers/promises'
import type { Case } from './case'
import type { Fault } from './fault'
import type { House } from './house'
import { going, variant, variants } from './works'

/** So long a server stays away. */
const AWAY_MS = 2_000
/** Time for a worker to start and to find what its predecessor left. */
const TAKE_OVER_MS = 4_000

const REBUILDS = variants(['rebuild'], going)
/** A rebuild at each of its stages, and whatever else may be going on. */
const GOING = variants(undefined, going)

const restartConsole =
  (mode: 'fast' | 'immediate', meanwhile: 'ends' | 'goes on'): Fault['inject'] =>
  async ({ home }, cases) => {
    await home.restart(mode, async () => {
      // What ends while nobody can write it down.
      if (meanwhile === 'ends') await Promise.all(cases.map((one) => one.release()))
      await sleep(AWAY_MS)
    })
    await sleep(AWAY_MS)
  }

const restartMonitored =
  (mode: 'fast' | 'immediate'): Fault['inject'] =>
  ({ monitored }) =>
    monitored.restart(mode, () => sleep(AWAY_MS))

/** Ends or kills the session of each run, found by what it does. */
const endSessions = async ({ monitored }: House, cases: Case[]): Promise<void> => {
  for (const { database, what, nth } of cases) {
    const rows = await monitored.query(
      'postgres',
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and left(query, length($2)) = $2`,
      [database, what.work.statement(nth)],
    )
    if (rows.length !== 1) throw new Error(`Ended ${rows.length} sessions of ${what.name}`)
  }
}

export const BASIC: Fault[] = [
  {
    kind: 'worker killed with -9',
    name: 'and started again',
    variants: [...GOING, ...variants(undefined, ({ wire, queue }) => wire !== undefined || queue === 'retry')],
    inject: async (house) => {
      await house.killWorkers()
      house.main.startWorker()
      await sleep(TAKE_OVER_MS)
    },
  },
  {
    kind: 'console database restarted',
    name: 'fast, work goes on',
    variants: REBUILDS,
    inject: restartConsole('fast', 'goes on'),
  },
  { kind: 'console database restarted', name: 'fast, work ends meanwhile', variants: GOING, inject: restartConsole('fast', 'ends') },
  {
    kind: 'console database restarted',
    name: 'immediate, work goes on',
    variants: REBUILDS,
    inject: restartConsole('immediate', 'goes on'),
  },
  {
    kind: 'console database restarted',
    name: 'immediate, work ends meanwhile',
    variants: GOING,
    inject: restartConsole('immediate', 'ends'),
  },
  { kind: 'monitored server restarted', name: 'immediate', variants: GOING, inject: restartMonitored('immediate') },
  { kind: 'monitored server restarted', name: 'fast', variants: REBUILDS, inject: restartMonitored('fast') },
  { kind: 'session terminated', name: 'by an administrator', variants: GOING, inject: endSessions },
  {
    kind: 'connection cut',
    name: 'by the network, the backend goes on',
    variants: [...GOING, variant('setting', 'answer on its way'), variant('options', 'statement on its way')],
    inject: async (_house, cases) => {
      for (const { wire } of cases) wire.cut()
      await sleep(AWAY_MS)
    },
  },
]
