import path from 'node:path'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { alias: { '@': path.resolve(import.meta.dirname) } },
  test: {
    include: ['{app,components,db,bin}/**/*.test.{ts,tsx}'],
    globalSetup: './db/embedded/test-servers.ts',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 4,
  },
})
