/**
 * `npm run -s bench:faults`: does to Proctor what happens in the night, for real and several times each, and compares what
 * the runs say afterwards with what the server says. Exit status 1 when a run was lost or doubled, or a leftover not told.
 */
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { tableText } from '../bin/print-table'
import type { Run } from '../db/console/run-types'
import { findRun } from '../db/console/runs'
import { type House, openHouse } from './faults-house'
import { begin, confirmRebuild, makeTable, prepare, STAGES, type Stage } from './faults-stages'
import { judge, type Verdict } from './faults-verdict'

/** So long a server stays away. */
const AWAY_MS = 2_000
/** Time for a worker to start and to find what its predecessor left. */
const TAKE_OVER_MS = 4_000

interface Fault {
  name: string
  /** `release` lets the held rebuild go on. */
  inject: (house: House, run: Run, release: () => Promise<void>, nth: number) => Promise<void>
}

const restartConsole =
  (mode: 'fast' | 'immediate'): Fault['inject'] =>
  async ({ home }, _run, release, nth) => {
    // Every second time the rebuild ends while nobody can write it down.
    await home.restart(mode, async () => {
      if (nth % 2 === 1) await release()
      await sleep(AWAY_MS)
    })
    await sleep(AWAY_MS)
  }

const FAULTS: Fault[] = [
  {
    name: 'worker killed with -9',
    inject: async (house) => {
      await house.killWorkers()
      house.startWorker()
      await sleep(TAKE_OVER_MS)
    },
  },
  { name: 'console database restarted, fast', inject: restartConsole('fast') },
  { name: 'console database restarted, immediate', inject: restartConsole('immediate') },
  { name: 'monitored server restarted, immediate', inject: ({ monitored }) => monitored.restart('immediate', () => sleep(AWAY_MS)) },
  {
    name: 'connection cut',
    inject: async ({ query }, { id }) => {
      const { length } = await query('select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1', [
        `proctor run ${id}`,
      ])
      if (length !== 1) throw new Error(`Cut ${length} connections`)
    },
  },
]

/** Part of a fault's name, to inject that one alone: npm run -s bench:faults -- cut */
const only = process.argv[2] ?? ''

const verdicts = new Map<string, Verdict[]>()

function note(fault: string, what: string, verdict: Verdict): void {
  verdicts.set(fault, [...(verdicts.get(fault) ?? []), verdict])
  const wrong = [...verdict.lost, ...verdict.doubled, ...verdict.leftovers].join('; ')
  process.stderr.write(`${fault}, ${what}: ${verdict.state}${wrong && ` – ${wrong}`}\n`)
}

async function injectAll(house: House): Promise<void> {
  let nth = 0
  for (const { name, inject } of FAULTS.filter(({ name }) => name.includes(only))) {
    for (const stage of Object.keys(STAGES) as Stage[]) {
      const table = `t${++nth}`
      await makeTable(house, table)
      const { run, release } = await begin(house, table, stage)
      await inject(house, run, release, nth)
      await release()
      note(name, stage, await judge(house, run, table))
    }
  }
}

const TWICE = 'worker started twice'

/** Two workers start at the same moment, with runs that wait for them. */
async function startTwice(house: House): Promise<void> {
  for (let round = 1; round <= 3; round++) {
    await house.killWorkers()
    const tables = [1, 2, 3].map((at) => `twice_${round}_${at}`)
    const runs: Run[] = []
    for (const table of tables) {
      await makeTable(house, table)
      runs.push(await confirmRebuild(house, table))
    }
    house.startWorker()
    house.startWorker()
    const all: Verdict[] = []
    for (const [at, run] of runs.entries()) {
      const verdict = await judge(house, run, tables[at] ?? '')
      const [now, before] = [await findRun(run.id), at > 0 ? await findRun(runs[at - 1]?.id ?? '') : undefined]
      if (before && Date.parse(now?.startedAt ?? '') < Date.parse(before.endedAt ?? ''))
        verdict.doubled.push('ran beside the one before it')
      all.push(verdict)
    }
    note(TWICE, `round ${round}`, {
      state: all.every(({ state }) => state === 'succeeded') ? 'succeeded' : all.map(({ state }) => state).join(', '),
      lost: all.flatMap(({ lost }) => lost),
      doubled: all.flatMap(({ doubled }) => doubled),
      leftovers: all.flatMap(({ leftovers }) => leftovers),
    })
  }
}

const house = await openHouse()
process.once('SIGINT', () => house.close().finally(() => process.exit(130)))
try {
  await prepare(house)
  house.startWorker()
  await injectAll(house)
  if (TWICE.includes(only)) await startTwice(house)
} finally {
  await house.close()
}
const sum = (all: Verdict[], what: 'lost' | 'doubled' | 'leftovers') => all.filter((verdict) => verdict[what].length > 0).length
const rows = [...verdicts].map(([fault, all]) => ({
  fault,
  injected: all.length,
  'runs lost': sum(all, 'lost'),
  'runs doubled': sum(all, 'doubled'),
  'leftovers unaccounted for': sum(all, 'leftovers'),
  ended: Object.entries(Object.groupBy(all, ({ state }) => state))
    .map(([state, some]) => `${some?.length} ${state}`)
    .join(', '),
}))
process.stdout.write(tableText(rows))
const clean = rows.every((row) => row['runs lost'] + row['runs doubled'] + row['leftovers unaccounted for'] === 0)
process.exit(clean ? 0 : 1)
