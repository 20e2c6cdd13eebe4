/**
 * `npm run -s bench:users`: 50 people at a console at the same time, while rebuilds go on.
 *
 * The production build, on loopback, with the embedded sample. Each person has an account and a session of their own, opens
 * page after page in an order of chance with 2 to 5 s of looking in between, and their open page asks for what it refreshes as
 * a browser's does. First one person alone, who looks for 1 to 3 s only, so that there are answers enough: still longer than
 * anything that was read is kept. Then all, with nothing going on; then all, with one rebuild after the other, each held up by
 * an open transaction as it would be on a busy server. Meanwhile an observer asks pg_stat_activity of the monitored server
 * what is connected.
 *
 * Exit status 1 when any answer is an error, when Proctor holds more than 3 connections beside those of runs, or when the 95th
 * percentile of a page is more than 3 times what it was for the one person alone. All pages together are printed beside.
 */
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { tableText } from '../bin/print-table'
import { startConsoleOn } from '../e2e/start-console'
import { observe } from './users-observer'
import { keepRunning, rebuild } from './users-runs'
import { signIn } from './users-sessions'
import { type Looking, type Visit, visit } from './users-visit'

const USERS = 50
const ALONE_MS = 480_000
const TOGETHER_MS = 120_000
const WARM_UP_MS = 15_000
const LOOKING_MS = { least: 2_000, most: 5_000 }
const LOOKING_ALONE_MS = { least: 1_000, most: 3_000 }
const NOT_AT_ALL = { least: 0, most: 0 }
const LIMIT = { connections: 3, ratio: 3 }

const quantile = (times: number[], q: number): number => times.toSorted((a, b) => a - b)[Math.ceil(times.length * q) - 1] ?? Number.NaN

const ALL = 'all pages'

const byPage = (visits: Visit[]): Map<string, number[]> =>
  new Map(
    [...Object.entries(Object.groupBy(visits, ({ page }) => page)), [ALL, visits] as const].map(([page, all = []]) => [
      page,
      all.map(({ ms }) => ms),
    ]),
  )

const { folder, stop } = await startConsoleOn({})
let fine = false
try {
  const house = await signIn(folder, USERS)
  const [first] = house.cookies
  if (!first) throw new Error('Nobody is signed in')
  const watch = await observe(house.sampleUrl)
  const errors: string[] = []

  /** Everybody looks around until the time is over. */
  const everybody = async (cookies: string[], looking: Looking, lastMs = TOGETHER_MS): Promise<Visit[]> => {
    const until = Date.now() + lastMs
    const one = async (cookie: string, nth: number): Promise<Visit[]> => {
      const visits: Visit[] = []
      await sleep((looking.most * nth) / cookies.length) // they did not all come at the same moment
      for (let at = 0; Date.now() < until; at++) visits.push(...(await visit(house, cookie, nth * 1_000 + at, looking)))
      return visits
    }
    const visits = (await Promise.all(cookies.map(one))).flat()
    errors.push(...visits.flatMap(({ page, error }) => (error ? [`${page}: ${error}`] : [])))
    return visits
  }

  await rebuild(house) // there is a run to look at
  await everybody([first], NOT_AT_ALL, WARM_UP_MS) // what is asked for the first time since the start counts for nobody
  const alone = byPage(await everybody([first], LOOKING_ALONE_MS, ALONE_MS))
  const quiet = byPage(await everybody(house.cookies, LOOKING_MS))
  const held = watch.most()
  const runs = keepRunning(house)
  const working = byPage(await everybody(house.cookies, LOOKING_MS))
  const done = await runs.stop()
  const most = watch.most()
  await watch.stop()

  const rows = [...alone].map(([page, times]) => {
    const [one, all] = [quantile(times, 0.95), quantile(working.get(page) ?? [], 0.95)]
    return {
      page,
      'alone, p50 ms': Math.round(quantile(times, 0.5)),
      'alone, p95 ms': Math.round(one),
      '50 people, p95 ms': Math.round(quantile(quiet.get(page) ?? [], 0.95)),
      'and a run, p50 ms': Math.round(quantile(working.get(page) ?? [], 0.5)),
      'and a run, p95 ms': Math.round(all),
      answers: `${times.length} / ${working.get(page)?.length ?? 0}`,
      ratio: Number((all / one).toFixed(2)),
    }
  })
  process.stdout.write(tableText(rows))
  process.stdout.write(
    `\n${done.well} rebuilds, ${done.badly} not done; ${errors.length} errors; connections for looking: at most ${held} at rest, ${most} in all\n`,
  )
  for (const error of new Set(errors)) process.stdout.write(`  ${error}\n`)
  fine =
    errors.length === 0 && done.well > 0 && done.badly === 0 && most <= LIMIT.connections && rows.every(({ ratio }) => ratio <= LIMIT.ratio)
  await house.close()
} finally {
  await stop()
}
process.exit(fine ? 0 : 1)
