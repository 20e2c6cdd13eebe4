/**
 * First-load JavaScript of every page, gzip: what a browser with an empty cache fetches until the page has loaded.
 * At most 235 kB each. Exit status 1 where a page has more.
 */
import process from 'node:process'
import { type Browser, chromium } from '@playwright/test'
import { findBrowser } from '../bin/browser'
import { sampleSession } from '../e2e/sample'
import { signUp } from '../e2e/sign-up'
import startConsole from '../e2e/start-console'
import { BROWSER_ARGS } from '../playwright.config'

const LIMIT_KB = 235
const PAGES = [
  '/',
  '/sample/db/lms/overview',
  '/sample/db/lms/sessions',
  '/sample/db/lms/settings',
  '/sample/db/lms/replication',
  '/sample/db/lms/cache',
  '/sample/db/lms/indexes',
  '/sample/db/lms/statements',
  '/sample/db/lms/tables',
  '/sample/db/lms/storage',
  '/sample/db/lms/extensions',
  '/sample/db/lms/maintenance',
  '/sample/db/lms/guide',
  '/sample/db/lms/guide/workload',
  '/sample/db/lms/guide/analytics',
  '/runs',
  '/audit',
  '/servers',
  '/users',
  '/account',
]

type State = Awaited<ReturnType<Awaited<ReturnType<Browser['newContext']>>['storageState']>>

/**
 * The scripts and the HTML of one page in kB, by the browser's own account (Resource Timing): scripts as they were sent,
 * gzip, when they were asked for before the load event; the HTML plain.
 */
async function load(browser: Browser, url: string, storageState?: State): Promise<{ scripts: number; html: number }> {
  const context = await browser.newContext({ storageState })
  const page = await context.newPage()
  await page.goto(url, { waitUntil: 'load' })
  await page.waitForTimeout(500) // the load event's own time is known only after it
  const bytes = await page.evaluate(() => {
    const [document] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
    const resources = performance.getEntriesByType('resource') as PerformanceResourceTiming[]
    const scripts = resources.filter(({ name, startTime }) => name.endsWith('.js') && startTime < (document?.loadEventStart ?? 0))
    return { scripts: scripts.reduce((sum, script) => sum + script.encodedBodySize, 0), html: document?.decodedBodySize ?? 0 }
  })
  await context.close()
  return { scripts: bytes.scripts / 1024, html: bytes.html / 1024 }
}

const stop = await startConsole()
const browser = await chromium.launch({ executablePath: await findBrowser(), args: BROWSER_ARGS })
const origin = process.env.PROCTOR_TEST_ORIGIN ?? ''
const context = await browser.newContext()
const setUp = await load(browser, process.env.PROCTOR_TEST_SET_UP ?? '')
await signUp(await context.newPage())
const state = await context.storageState()
const sample = await sampleSession()
const { rows: tables } = await sample.query(`select 'student_progress'::regclass::oid as oid`)
await sample.end()
const rows = [{ page: '/set-up', ...setUp }]
for (const path of [...PAGES, `/sample/db/lms/tables/${tables[0].oid}`])
  rows.push({ page: path, ...(await load(browser, origin + path, state)) })
await browser.close()
await stop()

console.table(rows.map(({ page, scripts, html }) => ({ page, 'JavaScript, kB gzip': Math.round(scripts), 'HTML, kB': Math.round(html) })))
process.exit(rows.every(({ scripts }) => scripts <= LIMIT_KB) ? 0 : 1)
