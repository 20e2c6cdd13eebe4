import { existsSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { chromium } from '@playwright/test'
import { installFromDebian } from './debian'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/**
 * The browser for the journeys: Playwright's own where it is installed, else one on the PATH, else
 * Debian's through apt when root. Errors: when none can be had.
 */
export async function findBrowser(): Promise<string> {
  const own = chromium.executablePath()
  if (own && existsSync(own)) return own
  const found = onPath()
  if (found) return found
  installFromDebian('chromium')
  const installed = onPath()
  if (installed) return installed
  throw new Error('No browser: install Chromium, or run "npx playwright install chromium"')
}

const onPath = (): string | undefined =>
  (process.env.PATH ?? '')
    .split(path.delimiter)
    .flatMap((folder) => NAMES.map((name) => path.join(folder, name)))
    .find((file) => existsSync(file))
