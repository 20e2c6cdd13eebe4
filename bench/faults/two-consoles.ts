import { setTimeout as sleep } from 'node:timers/promises'
import { cancelRun } from '../../db/runs/cancel'
import { DBA } from '../../test/support/confirm-run'
import { begin, type Case } from './case'
import { type Scene, until } from './fault'
import type { Console, House } from './house'
import { judge, type Verdict } from './judge'
import { type Variant, variant } from './works'

const KIND = 'two consoles at one server'

/** Their runs have the same number: what happens to the first one's must not happen to the other's. */
interface Pair {
  what: Variant
  ours: Case
  theirs: Case
}

const STAGES = [
  variant('rebuild', 'waiting for writers'),
  variant('vacuum full', 'rewriting'),
  variant('drop', 'waiting for readers'),
  variant('refresh', 'running'),
]

/** As long as the other console's worker takes to look, and to do what it should not. */
const LOOK_MS = 5_000

let other: { house: House; console: Console } | undefined

async function secondConsole(house: House): Promise<Console> {
  if (other?.house !== house) other = { house, console: await house.newConsole('proctor_two') }
  return other.console
}

/** The same run numbers on both sides. */
async function sameNumber(consoles: Console[], number: number): Promise<void> {
  for (const { query } of consoles) await query(`select setval(pg_get_serial_sequence('run', 'id'), $1, false)`, [number])
}

let number = 100_000

function scene(name: string, happen: (house: House, pairs: Pair[], second: Console) => Promise<void>, only = STAGES): Scene {
  return {
    kind: KIND,
    name,
    injects: only.length,
    play: async (house) => {
      await house.killWorkers()
      const second = await secondConsole(house)
      house.main.startWorker()
      second.startWorker()
      const pairs: Pair[] = []
      for (const what of only) {
        number += 100
        await sameNumber([house.main, second], number)
        const ours = await begin(house, what)
        const theirs = await house.as(second, () => begin(house, what, { console: second }))
        if (ours.run.id !== theirs.run.id) throw new Error(`Runs ${ours.run.id} and ${theirs.run.id} have not the same number`)
        pairs.push({ what, ours, theirs })
      }
      await happen(house, pairs, second)
      return Promise.all(pairs.map((pair) => judgePair(house, pair)))
    },
  }
}

/** After a while the other console's run has to be going on; then it is let go, and has to succeed. */
async function judgePair(house: House, { ours, theirs }: Pair): Promise<Verdict> {
  const [before] = await theirs.console.query<{ state: string }>('select state from run where id = $1', [theirs.run.id])
  await Promise.all([ours.release(), theirs.release()])
  const over = Date.now()
  const verdict = await judge(house, ours, over)
  const second = await judge(house, theirs, over)
  const both = { ...verdict, state: `${verdict.state} / ${second.state}`, truthMs: Math.max(verdict.truthMs, second.truthMs) }
  for (const count of ['wrong', 'doubled', 'told', 'ended', 'leftovers', 'lost'] as const)
    both[count] = [...verdict[count], ...second[count].map((words) => `the other console: ${words}`)]
  if (before?.state !== 'running' || second.state !== 'succeeded') both.ended.push(`its run was ${before?.state}, and then ${second.state}`)
  await Promise.all([ours.close(), theirs.close()])
  return both
}

const kill = async ({ workers }: Console) => void (await Promise.all([...workers].map((worker) => worker.kill())))

export const TWO_CONSOLES: Scene[] = [
  scene('a cancel in one', async (_house, pairs) => {
    for (const { ours } of pairs) await cancelRun(ours.run.id, DBA)
    for (const { ours } of pairs) await ours.watched.ended
    await sleep(LOOK_MS)
  }),
  scene('the worker of one killed and started again', async (house) => {
    await kill(house.main)
    house.main.startWorker()
    await sleep(LOOK_MS)
  }),
  scene('the session of one terminated', async ({ monitored }, pairs) => {
    for (const { ours } of pairs)
      await monitored.query(
        'postgres',
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and state = 'active'
        and left(query, length($2)) = $2`,
        [ours.database, ours.what.work.statement(ours.nth)],
      )
    for (const { ours } of pairs)
      await until('the end of the run', () => Promise.race([ours.watched.ended.then(() => true), sleep(50, false)]))
    await sleep(LOOK_MS)
  }),
  scene('both workers killed, the other starts first', async (house, _pairs, second) => {
    await Promise.all([kill(house.main), kill(second)])
    second.startWorker()
    await sleep(LOOK_MS)
    house.main.startWorker()
    await sleep(LOOK_MS)
  }),
]
