import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'

const CHECKOUT = import.meta.dirname
const TESTS = '{app,components,db,bin,test}/**/*.test.{ts,tsx}'

/**
 * What stands in a test file that needs a server or a child, or changes its process (environment, mocks). Such a file gets a process
 * for itself. All others share one a worker, which loads what they test once: loading takes longer than their tests.
 */
const ALONE =
  /process\.|node:process|globalThis|defineProperty|configureGlobal|\bvi\b|'node:(?:child_process|fs|http|https|net)\b|(?:embedded|support)\/|\/test-|import\(/

const alone = globSync(TESTS, { cwd: CHECKOUT }).filter((file) => ALONE.test(readFileSync(path.join(CHECKOUT, file), 'utf8')))

const project = (test: TestProjectInlineConfiguration['test']): TestProjectInlineConfiguration => ({
  resolve: {
    alias: {
      '@': CHECKOUT,
      'next/headers': path.join(CHECKOUT, 'test/support/test-request.ts'),
      'next/cache': path.join(CHECKOUT, 'test/support/test-request.ts'),
    },
  },
  test: {
    // Generous on purpose: how busy the machine is says nothing about Proctor. A test that passes never waits so long.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    env: { PROCTOR_READ_TIMEOUT: '60', PROCTOR_SECRET: 'a secret for tests that is long enough' },
    // a session that has just reported its counters reports the next ones after 10 s of idleness, on 15 and newer
    expect: { poll: { timeout: 120_000, interval: 100 } },
    ...test,
  },
})

export default defineConfig({
  test: {
    globalSetup: './test/support/test-servers.ts',
    maxWorkers: 4, // each with servers of its own
    projects: [
      project({ name: 'alone', include: alone.map((file) => file.replaceAll(/[[\]()]/g, '\\$&')) }),
      project({
        name: 'together',
        include: [TESTS],
        exclude: ['**/node_modules/**', ...alone.map((file) => file.replaceAll(/[[\]()]/g, '\\$&'))],
        isolate: false,
      }),
    ],
  },
})
