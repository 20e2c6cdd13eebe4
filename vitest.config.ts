import path from 'node:path'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: {
    alias: {
      '@': import.meta.dirname,
      'next/headers': path.join(import.meta.dirname, 'app/test-request.ts'),
      'next/cache': path.join(import.meta.dirname, 'app/test-request.ts'),
    },
  },
  test: {
    include: ['{app,components,db,bin,test}/**/*.test.{ts,tsx}'],
    globalSetup: './db/embedded/test-servers.ts',
    // Generous on purpose: how busy the machine is says nothing about Proctor. A test that passes never waits so long.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    env: { PROCTOR_READ_TIMEOUT: '60', PROCTOR_SECRET: 'a secret for tests that is long enough' },
    maxWorkers: 4, // each with servers of its own
    // a session that has just reported its counters reports the next ones after 10 s of idleness, on 15 and newer
    expect: { poll: { timeout: 120_000, interval: 100 } },
  },
})
