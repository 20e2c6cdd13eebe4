/**
 * First-load JavaScript of every page, gzip: what a browser with an empty cache fetches until the page has loaded.
 * At most 250 kB each. Exit status 1 where a page has more.
 */
import process from 'node:process'
import { gzipSync } from 'node:zlib'
import { type Browser, chromium } from '@playwright/test'
import { findBrowser } from '../bin/browser'
import { signUp } from '../e2e/sign-up'
import startConsole from '../e2e/start-console'
import { BROWSER_ARGS } from '../playwright.config'

const LIMIT_KB = 250
const PAGES = ['/', '/sample/db/lms/indexes', '/sample/db/lms/tables', '/runs', '/audit', '/servers']

type State = Awaited<ReturnType<Awaited<ReturnType<Browser['newContext']>>['storageState']>>

/** The scripts and the HTML of one page in kB: scripts gzip at level 6 whatever the server did, the HTML plain. */
async function load(browser: Browser, url: string, storageState?: State): Promise<{ scripts: number; html: number }> {
  const context = await browser.newContext({ storageState })
  const page = await context.newPage()
  const sizes = { scripts: 0, html: 0 }
  const bodies: Promise<void>[] = []
  page.on('requestfinished', (request) => {
    const kind = request.resourceType()
    if (kind !== 'script' && kind !== 'document') return
    bodies.push(
      request.response().then(async (response) => {
        if (response?.status() !== 200) return
        const body = await response.body()
        if (kind === 'script') sizes.scripts += gzipSync(body).length / 1024
        else sizes.html += body.length / 1024
      }),
    )
  })
  await page.goto(url, { waitUntil: 'load' })
  await Promise.all(bodies)
  await context.close()
  return sizes
}

const stop = await startConsole()
const browser = await chromium.launch({ executablePath: await findBrowser(), args: BROWSER_ARGS })
const origin = process.env.PROCTOR_TEST_ORIGIN ?? ''
const context = await browser.newContext()
const setUp = await load(browser, process.env.PROCTOR_TEST_SET_UP ?? '')
await signUp(await context.newPage())
const state = await context.storageState()
const rows = [{ page: '/set-up', ...setUp }]
for (const path of PAGES) rows.push({ page: path, ...(await load(browser, origin + path, state)) })
await browser.close()
await stop()

console.table(rows.map(({ page, scripts, html }) => ({ page, 'JavaScript, kB gzip': Math.round(scripts), 'HTML, kB': Math.round(html) })))
process.exit(rows.every(({ scripts }) => scripts <= LIMIT_KB) ? 0 : 1)
