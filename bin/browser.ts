import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { chromium } from '@playwright/test'

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
  if (process.getuid?.() === 0) {
    process.stdout.write('Installing Chromium (apt-get) …\n')
    const quiet = {
      stdio: ['ignore', 'ignore', 'inherit'] as ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }
    spawnSync('apt-get', ['update', '-qq'], quiet)
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], quiet)
    const installed = onPath()
    if (installed) return installed
  }
  throw new Error('No browser: install Chromium, or run "npx playwright install chromium"')
}

const onPath = (): string | undefined =>
  (process.env.PATH ?? '')
    .split(path.delimiter)
    .flatMap((folder) => NAMES.map((name) => path.join(folder, name)))
    .find((file) => existsSync(file))
