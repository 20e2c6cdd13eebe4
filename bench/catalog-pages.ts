/**
 * Every page of a database and of a server, on the production build, until the last byte of its HTML, streamed parts included. What a page
 * takes of processors, of the monitored server's and of the console's, is held to the limits: that is no other on a busy machine.
 */
import { readdirSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { chromium, type Page } from '@playwright/test'
import { findBrowser } from '../bin/browser'
import type { LiveAnswer } from '../components/live/fetch-live'
import type { ChecksAnswer } from '../components/overview/shown-checks'
import { signUp } from '../e2e/sign-up'
import { startConsoleOn } from '../e2e/start-console'
import { BROWSER_ARGS } from '../playwright.config'
import { cpuMs, descendants, parentOf, serverCpuMs } from './cpu'
import { connect } from './own-server'

const ROUNDS = 3
const LIMIT_MS = { overview: 400, page: 1_000 }
const LIMIT_HTML = 300 * 1024
/** Answers of reads are shared for up to ten seconds: a page is asked for again when none is left. */
const FORGOTTEN_MS = 10_500

const PAGES_OF_DATABASE = path.resolve(import.meta.dirname, '../app/[server]/db/[database]')

/** The pages of a database as the folders of app/ have them, so that a new one is measured too, and what of them shows something else. */
function pagesOf(database: string, table: string, schema: string): { name: string; address: string }[] {
  const topics = readdirSync(PAGES_OF_DATABASE, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
  const more = {
    'tables/[table]': `tables/${table}`,
    'tables, by what needs VACUUM': 'tables?show=act',
    'storage, a schema': `storage?in=${encodeURIComponent(database)}&schema=${schema}`,
  }
  const base = `/main/db/${encodeURIComponent(database)}`
  return [
    ...topics.map((name) => ({ name, address: `${base}/${name}` })),
    ...Object.entries(more).map(([name, address]) => ({ name, address: `${base}/${address}` })),
    { name: 'fleet', address: '/' },
    { name: 'the server', address: '/servers/main' },
    { name: 'servers', address: '/servers' },
    { name: 'runs', address: '/runs?server=main' },
    { name: 'audit', address: '/audit' },
  ]
}

const median = (times: number[]): number => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN

interface Measured {
  name: string
  /** ms by the clock, of the first request and of the later ones. */
  first: number
  usual: number
  /** ms of processors that a later request took: of the monitored server's, and of the console's web process. */
  postgres: number
  web: number
  html: number
}

interface Processes {
  postmaster: number
  web: number
}

async function measure(
  page: Page,
  { postmaster, web }: Processes,
  { name, address }: { name: string; address: string },
): Promise<Measured> {
  const rounds: Omit<Measured, 'name' | 'first'>[] = []
  for (let round = 0; round <= ROUNDS; round++) {
    const before = { postgres: serverCpuMs(postmaster), web: cpuMs(web), at: performance.now() }
    const response = await page.request.get(process.env.PROCTOR_TEST_ORIGIN + address)
    const html = (await response.body()).length
    const usual = performance.now() - before.at
    if (response.status() !== 200) throw new Error(`${address} answered ${response.status()}`)
    rounds.push({ usual, html, postgres: serverCpuMs(postmaster) - before.postgres, web: cpuMs(web) - before.web })
    await sleep(FORGOTTEN_MS)
  }
  const [first, ...later] = rounds
  const usual = (of: 'usual' | 'postgres' | 'web' | 'html') => median(later.map((one) => one[of]))
  return {
    name,
    first: first?.usual ?? Number.NaN,
    usual: usual('usual'),
    postgres: usual('postgres'),
    web: usual('web'),
    html: usual('html'),
  }
}

/** The console's web process among what this bench has started. */
function webProcess(): number {
  const [web] = descendants(process.pid).filter(({ args }) => args.includes('/bin/web.ts'))
  if (!web) throw new Error('The console has no web process')
  return web.pid
}

/** Waits until every check has looked, or could not: what they found is part of pages, and what they cost is not. */
async function checked(page: Page, database: string): Promise<void> {
  for (;;) {
    const answer = await page.request.get(`${process.env.PROCTOR_TEST_ORIGIN}/api/live/checks?server=main&database=${database}`)
    const told = (await answer.json()) as LiveAnswer<ChecksAnswer>
    if (told.ok && !told.value.asked && told.value.checks.every(({ lookedAt, problem }) => lookedAt ?? problem)) return
    await sleep(1_000)
  }
}

/** Measures all pages of the console on this database. Gives back whether each met its limit. Errors: throws where a page is not answered. */
export async function measurePages(url: string): Promise<boolean> {
  const database = new URL(url).pathname.slice(1)
  const client = await connect(url)
  const { rows } = await client.query(`select 'tenant_4'::regclass::oid as oid, pg_backend_pid() as pid`)
  const { stop } = await startConsoleOn({ DATABASE_URL: url })
  const browser = await chromium.launch({ executablePath: await findBrowser(), args: BROWSER_ARGS })
  const page = await browser.newPage()
  try {
    await signUp(page)
    await checked(page, database)
    const processes = { postmaster: parentOf(rows[0].pid), web: webProcess() }
    const measured: Measured[] = []
    for (const one of pagesOf(database, rows[0].oid, 'public')) {
      const m = await measure(page, processes, one)
      console.log(JSON.stringify(m))
      measured.push(m)
    }
    console.table(
      measured.map(({ name, first, usual, postgres, web, html }) => ({
        page: name,
        'first, ms': Math.round(first),
        'then, ms': Math.round(usual),
        'PostgreSQL, ms of CPU': Math.round(postgres),
        'web, ms of CPU': Math.round(web),
        'HTML, kB': Math.round(html / 1024),
      })),
    )
    return measured.every(
      ({ name, postgres, web, html }) => postgres + web <= (name === 'overview' ? LIMIT_MS.overview : LIMIT_MS.page) && html <= LIMIT_HTML,
    )
  } finally {
    await browser.close()
    await stop()
    await client.end()
  }
}
