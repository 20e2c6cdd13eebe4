/**
 * `npm run pictures` makes the pictures of the README from the console itself, with its sample, in a browser:
 * public/index-health.png, and public/rebuild.webp, which moves.
 */
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { type CDPSession, chromium, type Page } from '@playwright/test'
import { animatedWebp, type Frame } from '../bin/animated-webp'
import { findBrowser } from '../bin/browser'
import { BROWSER_ARGS } from '../playwright.config'
import { openDialog } from './confirm'
import { INDEXES } from './sample'
import { signUp } from './sign-up'
import { startConsoleOn } from './start-console'

const FOLDER = path.resolve(import.meta.dirname, '../public')
/** As wide as the list of indexes needs. */
const WINDOW = { width: 1440, height: 900 }
/** A busy machine makes no other pictures, only later ones. */
const PATIENCE_MS = 120_000
const INDEX = 'idx_struggling_students'

/** From the list to the receipt of a rebuild, as somebody sees it who reads the plan before the click. */
async function rebuild(page: Page, devtools: CDPSession): Promise<Frame[]> {
  const frames: Frame[] = []
  const take = async (ms: number): Promise<void> => {
    const { data } = await devtools.send('Page.captureScreenshot', { format: 'webp', quality: 90 })
    frames.push({ webp: Buffer.from(data, 'base64'), ms })
  }
  await page.goto(`${INDEXES}?verdict=bloated`)
  const button = page.getByRole('button', { name: `Rebuild ${INDEX}`, exact: true })
  await button.scrollIntoViewIfNeeded()
  await take(2_000)
  await button.hover()
  await take(700)
  await openDialog(page, () => button.click())
  const dialog = page.getByRole('dialog')
  await dialog.getByText(/\d+ pass/).waitFor()
  await take(4_000)
  const phrase = dialog.getByLabel(/^Type .* to confirm$/)
  if (await phrase.isVisible()) {
    await phrase.fill(((await phrase.getAttribute('aria-label')) ?? '').replace(/^Type (.*) to confirm$/, '$1'))
    await take(1_000)
  }
  await dialog.getByRole('button', { name: /^Run/ }).click()
  await page.waitForURL(/\/runs\/\d+$/)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await take(700)
  await page.locator('a[href^="/audit?run="]').waitFor()
  await take(4_000)
  return frames
}

process.env.DATABASE_URL = ''
const { stop } = await startConsoleOn({ PROCTOR_SAMPLE_SCALE: '1' })
try {
  const browser = await chromium.launch({ executablePath: await findBrowser(), args: BROWSER_ARGS })
  const page = await browser.newPage({ baseURL: process.env.PROCTOR_TEST_ORIGIN, viewport: WINDOW, colorScheme: 'light' })
  page.setDefaultTimeout(PATIENCE_MS)
  await signUp(page)
  await page.goto(INDEXES)
  await page
    .getByRole('button', { name: /^Rebuild / })
    .first()
    .waitFor()
  await page.locator('.recharts-surface').first().waitFor()
  await page.waitForLoadState('networkidle')
  await page.screenshot({ path: path.join(FOLDER, 'index-health.png') })

  await writeFile(path.join(FOLDER, 'rebuild.webp'), animatedWebp(await rebuild(page, await page.context().newCDPSession(page))))
  await browser.close()
} finally {
  await stop()
}
