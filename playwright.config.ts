import { defineConfig } from '@playwright/test'

/** Debian's Chromium as root, with nothing that would call out. */
export const BROWSER_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const signedIn = { storageState: 'test-results/administrator.json' }

export default defineConfig({
  testDir: 'e2e',
  globalSetup: './e2e/start-console.ts',
  workers: 1, // the journeys share one console and one sample
  // Generous on purpose: a journey that succeeds never waits so long.
  timeout: 200_000,
  expect: { timeout: 60_000 },
  forbidOnly: true,
  maxFailures: 8, // where so much fails one thing is broken, and each further journey would wait for it in vain
  use: {
    actionTimeout: 60_000,
    baseURL: process.env.PROCTOR_TEST_ORIGIN,
    viewport: { width: 1440, height: 900 },
    launchOptions: { executablePath: process.env.PROCTOR_TEST_BROWSER ?? '/usr/bin/chromium', args: BROWSER_ARGS },
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
  },
  projects: [
    { name: 'set-up', testMatch: 'set-up.spec.ts' },
    { name: 'journeys', testIgnore: ['set-up.spec.ts', 'accessibility.spec.ts'], dependencies: ['set-up'], use: signedIn },
    // Last, so that there are runs to look at.
    { name: 'accessibility', testMatch: 'accessibility.spec.ts', dependencies: ['journeys'], use: signedIn },
  ],
})
