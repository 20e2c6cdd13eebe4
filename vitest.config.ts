import path from 'node:path'
import { defineConfig } from 'vitest/config'
import { WORKERS } from './db/embedded/test-servers'

export default defineConfig({
  resolve: { alias: { '@': path.resolve(import.meta.dirname) } },
  test: {
    include: ['{app,components,db,bin}/**/*.test.{ts,tsx}'],
    globalSetup: './db/embedded/test-servers.ts',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: WORKERS,
    // a session that has just reported its counters reports the next ones after 10 s of idleness, on 15 and newer
    expect: { poll: { timeout: 30_000, interval: 100 } },
  },
})
