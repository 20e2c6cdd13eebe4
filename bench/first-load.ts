/** First-load JavaScript of every page, gzip: what a browser fetches before the page has come to rest. At most 250 kB each. */

import process from 'node:process'
import { gzipSync } from 'node:zlib'
import { chromium } from '@playwright/test'
import { findBrowser } from '../bin/browser'
import { signUp } from '../e2e/sign-up'
import startConsole from '../e2e/start-console'
import { BROWSER_ARGS } from '../playwright.config'

const LIMIT_KB = 250
const PAGES = ['/', '/sample/db/lms/indexes', '/sample/db/lms/tables', '/runs', '/audit']

const stop = await startConsole()
const browser = await chromium.launch({ executablePath: await findBrowser(), args: BROWSER_ARGS })
const context = await browser.newContext({ baseURL: process.env.PROCTOR_TEST_ORIGIN })
const page = await context.newPage()
const sizes: [string, number, number][] = [['/set-up', ...(await load(() => page.goto(process.env.PROCTOR_TEST_SET_UP ?? '')))]]
await signUp(page)
for (const path of PAGES) sizes.push([path, ...(await load(() => page.goto(path)))])
await browser.close()
await stop()

/** Kilobytes of scripts, gzip at level 6 whatever the server did, and the HTML's bytes in kB, plain. */
async function load(open: () => Promise<unknown>): Promise<[number, number]> {
  const bodies: Promise<[string, Buffer]>[] = []
  const take = (response: import('@playwright/test').Response) => {
    const type = response.headers()['content-type'] ?? ''
    if (/javascript|text\/html/.test(type)) bodies.push(response.body().then((body) => [type, body]))
  }
  page.on('response', take)
  await open()
  await page.waitForLoadState('load')
  page.off('response', take)
  const all = await Promise.all(bodies)
  const scripts = all.filter(([type]) => type.includes('javascript')).reduce((sum, [, body]) => sum + gzipSync(body).length, 0)
  const html = all.filter(([type]) => type.includes('html')).reduce((sum, [, body]) => sum + body.length, 0)
  return [scripts / 1024, html / 1024]
}

console.table(
  sizes.map(([path, kb, html]) => ({ page: path, 'JavaScript, kB gzip': Math.round(kb), 'HTML, kB': Math.round(html), limit: LIMIT_KB })),
)
process.exit(sizes.every(([, kb]) => kb <= LIMIT_KB) ? 0 : 1)
