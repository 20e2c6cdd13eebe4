/**
 * The activity page on a busy server: 500 sessions, 2,000 locks, 100 of the sessions waiting in chains.
 *
 *   npm run -s bench:activity     makes an embedded server of its own with max_connections = 600, and a console that looks at it
 *
 * Printed: the time of the read that the page makes every 2 s, of the answer of the read endpoint with it, and of the page in
 * a browser, with the rows in its document; then what 50 tabs cost the server against one: statements of Proctor in
 * pg_stat_statements, less those that it sends with no tab at all. A tab is told by what it asks: the activity every 2 s and its
 * history every 10 s, each from a moment of its own.
 * Exit status 1: a read above 300 ms, an answer above 600 ms, more than 150 rows, or 50 tabs above twice the cost of one.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { type BrowserContext, chromium } from '@playwright/test'
import { Client } from 'pg'
import { findBrowser } from '../bin/browser'
import { startCluster } from '../db/embedded/cluster'
import { freePort } from '../db/embedded/free-port'
import { closePools } from '../db/server/pool'
import { forgetReads } from '../db/server/run-read'
import { targetFromUrl } from '../db/server/target-url'
import { readActivity } from '../db/sessions/activity'
import { signUp } from '../e2e/sign-up'
import { startConsoleOn } from '../e2e/start-console'
import { BROWSER_ARGS } from '../playwright.config'

const [SESSIONS, WAITING, ROUNDS, TABS] = [500, 100, 15, 50]
const LOCKS = 2_000
const WINDOW_MS = 20_000
const LIMIT = { readMs: 300, answerMs: 600, rows: 150, ratio: 2 }

const median = (times: number[]): number => times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

async function connect(url: string, application_name: string): Promise<Client> {
  const client = new Client({ connectionString: url, application_name })
  client.on('error', () => undefined) // the server is stopped while they are there
  await client.connect()
  return client
}

/** Sessions of four locks each; of the last hundred each waits for a row of one before it, in chains of ten. */
async function makeBusy(url: string, maker: Client): Promise<void> {
  await maker.query(/* sql */ `
create table t_1 (id int primary key, n int); insert into t_1 select n, 0 from generate_series(1, 600) n;
create table t_2 (id int); create table t_3 (id int)`)
  const clients: Client[] = []
  for (let at = 0; at < SESSIONS; at++) clients.push(await connect(url, `application ${at % 12}`))
  for (const [at, client] of clients.entries()) {
    await client.query('begin; lock table t_2, t_3 in access share mode')
    await client.query('update t_1 set n = 1 where id = $1', [at + 1])
  }
  for (let at = SESSIONS - WAITING; at < SESSIONS; at++) {
    const before = at % 10 === 0 ? 1 + (at - (SESSIONS - WAITING)) / 10 : at
    clients[at]?.query('update t_1 set n = 2 where id = $1', [before]).catch(() => undefined)
  }
}

async function locksOf(maker: Client): Promise<{ locks: number; waiting: number }> {
  const { rows } = await maker.query('select count(*)::int as locks, count(*) filter (where not granted)::int as waiting from pg_locks')
  return rows[0]
}

/** Statements of Proctor so far. */
async function statementsOf(maker: Client): Promise<number> {
  const { rows } = await maker.query(
    `select coalesce(sum(calls), 0)::int as calls from pg_stat_statements where query like '%/* proctor%' and query not like '%pg_stat_statements where query%'`,
  )
  return rows[0].calls
}

/** Statements that Proctor sends while so many tabs show the page. */
async function costOf(tabs: number, maker: Client, context: BrowserContext, origin: string): Promise<number> {
  let open = true
  const ask = async (address: string, everyMs: number) => {
    await sleep(Math.random() * everyMs)
    while (open) {
      const asked = context.request.get(`${origin}/api/live/${address}`).then((response) => response.dispose())
      await Promise.all([asked, sleep(everyMs)])
    }
  }
  const loops = Array.from({ length: tabs }, () => [
    ask('activity?server=main&database=postgres', 2_000),
    ask('activity-history?server=main&range=1h', 10_000),
  ]).flat()
  await sleep(3_000) // until they are under way
  const before = await statementsOf(maker)
  await sleep(WINDOW_MS)
  const sent = (await statementsOf(maker)) - before
  open = false
  await Promise.all(loops)
  return sent
}

async function measureRead(url: string): Promise<number> {
  const target = targetFromUrl('bench', url)
  const times: number[] = []
  let known = { sessions: 0, held: 0 }
  for (let round = 0; round < ROUNDS; round++) {
    forgetReads()
    times.push(
      await timed(async () => {
        const activity = await readActivity(target)
        if (!activity.ok) throw new Error(activity.problem.message)
        known = { sessions: activity.value.sessions.length, held: activity.value.trees.reduce((sum, { all }) => sum + all, 0) }
      }),
    )
  }
  await closePools()
  console.log(
    `  read of ${known.sessions} sessions, ${known.held} of them held up   ${median(times).toFixed(0)} ms, slowest ${Math.max(...times).toFixed(0)} (at most ${LIMIT.readMs})`,
  )
  return median(times)
}

async function measurePage(maker: Client): Promise<boolean> {
  const browser = await chromium.launch({ executablePath: await findBrowser(), args: BROWSER_ARGS })
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  await signUp(page)
  const origin = process.env.PROCTOR_TEST_ORIGIN ?? ''
  const shown = await timed(async () => {
    await page.goto(`${origin}/main/db/postgres/sessions`)
    await page.getByRole('region', { name: 'Sessions' }).waitFor()
  })
  const rows = await page.locator('tbody tr').count()
  await page.close()
  const answers: number[] = []
  let bytes = 0
  for (let round = 0; round < ROUNDS; round++) {
    await sleep(1_700) // what is shared between tabs has gone
    answers.push(
      await timed(async () => {
        bytes = (await (await context.request.get(`${origin}/api/live/activity?server=main&database=postgres`)).body()).length
      }),
    )
  }
  const answer = median(answers)
  console.log(`  answer of the read endpoint   ${answer.toFixed(0)} ms, ${(bytes / 1024).toFixed(0)} kB (at most ${LIMIT.answerMs} ms)`)
  console.log(`  page in a browser   ${shown.toFixed(0)} ms until its rows are there, ${rows} rows in its document (at most ${LIMIT.rows})`)
  const none = await costOf(0, maker, context, origin)
  const one = (await costOf(1, maker, context, origin)) - none
  const many = (await costOf(TABS, maker, context, origin)) - none
  await browser.close()
  const ratio = many / one
  console.log(
    `  statements in ${WINDOW_MS / 1000} s: no tab ${none}, one tab ${one} more, ${TABS} tabs ${many} more: ${ratio.toFixed(2)} times (at most ${LIMIT.ratio})`,
  )
  return answer <= LIMIT.answerMs && rows <= LIMIT.rows && ratio <= LIMIT.ratio
}

const folder = await mkdtemp(path.join(tmpdir(), 'proctor-activity-'))
await chmod(folder, 0o755) // the account that the server runs as must get in
const settings = { fsync: 'off', max_connections: '600', shared_preload_libraries: 'pg_stat_statements', shared_buffers: '64MB' }
const cluster = await startCluster({ major: 18, folder: path.join(folder, 'server'), port: await freePort(), password: 'bench', settings })
let fine = false
let stop = async () => {}
try {
  const maker = await connect(cluster.url, 'bench')
  await maker.query('create extension pg_stat_statements')
  stop = (await startConsoleOn({ DATABASE_URL: cluster.url })).stop
  await makeBusy(cluster.url, maker)
  let busy = await locksOf(maker)
  while (busy.waiting < WAITING) {
    await sleep(200)
    busy = await locksOf(maker)
  }
  console.log(`${SESSIONS} sessions, ${busy.locks} locks (at least ${LOCKS}), ${busy.waiting} of them waited for`)
  const read = await measureRead(cluster.url)
  fine = (await measurePage(maker)) && read <= LIMIT.readMs && busy.locks >= LOCKS
} finally {
  await stop()
  await cluster.stop('immediate')
  await rm(folder, { recursive: true, force: true })
}
process.exit(fine ? 0 : 1)
