import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { chromium, type Page } from '@playwright/test'
import { findBrowser } from '../../bin/browser'
import { signUp } from '../../e2e/sign-up'
import { BROWSER_ARGS } from '../../playwright.config'
import type { Building } from './building'

/** As somebody who comes back to a tab after a while. */
const RELOAD_MS = 120_000

/** Three tabs that stay open: overview, indexes, and the newest run. Resolves with what tells their errors at the end. */
export async function openTabs({ launched, serverId, database }: Building, newest: () => string) {
  const errors: string[] = []
  const browser = await chromium.launch({ executablePath: await findBrowser(), args: BROWSER_ARGS })
  const context = await browser.newContext()
  const link = /ready: (\S+)/.exec(launched.output())?.[1] ?? ''
  process.env.PROCTOR_TEST_SET_UP = link
  const pages: [Page, () => string][] = []
  const tab = async (where: () => string): Promise<void> => {
    const page = await context.newPage()
    page.on('pageerror', (error) => errors.push(`${new URL(page.url()).pathname}: ${error.message.slice(0, 200)}`))
    pages.push([page, where])
  }
  await tab(() => `/${serverId}/db/${database}/overview`)
  await tab(() => `/${serverId}/db/${database}/indexes`)
  await tab(() => `/runs/${newest()}`)
  if (pages[0]) await signUp(pages[0][0])
  let stopping = false
  const looking = (async () => {
    for (let next = 0; !stopping; await sleep(500)) {
      if (Date.now() < next) continue
      next = Date.now() + RELOAD_MS
      // A page that does not come in the midst of a fault is no error of a tab: what it tells of itself is.
      for (const [page, where] of pages) await page.goto(launched.origin + where(), { timeout: 60_000 }).catch(() => undefined)
    }
  })()
  return {
    close: async (): Promise<string[]> => {
      stopping = true
      await looking
      await browser.close()
      return errors
    },
  }
}
