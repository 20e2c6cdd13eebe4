import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const CHECKOUT = import.meta.dirname
const TESTS = '{app,components,db,bin,test}/**/*.test.{ts,tsx}'

/** What stands in a test file that changes its process (environment, mocks) or starts another. */
const CHANGES_ITS_PROCESS =
  /process\.|node:process|globalThis|defineProperty|configureGlobal|\bvi\b|'node:(?:child_process|fs|http|https|net)\b|import\(/
/** Support that only makes databases on the servers of its worker, which all its files share anyway, or none. */
const SHARES =
  'binaries|test-database|test-check|test-command|or-throw|try-proposals|proposals|random-catalog|every-kind|index-definitions|everyday|example-run|tuned-setting|hint-corpus'
const NEEDS_MORE = new RegExp(`(?:embedded|support)/(?!(?:${SHARES})\\b)`)
/** Rooms that keep something in the process: the console database, pools, a launcher. */
const KEEPS = /^(?:app|bin|test|db\/(?:console|embedded|history|runs|server|worker))\//

/** Such a file gets a process for itself. All others share one a worker, which loads what they test once: loading takes longer than most tests. */
const isAlone = (file: string): boolean => {
  const text = readFileSync(path.join(CHECKOUT, file), 'utf8')
  return CHANGES_ITS_PROCESS.test(text) || NEEDS_MORE.test(text) || (KEEPS.test(file) && /support\/|\/test-/.test(text))
}
const alone = globSync(TESTS, { cwd: CHECKOUT }).filter(isAlone)

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
    execArgv: [`--import=${path.join(CHECKOUT, 'bin/packages.mjs')}`],
    env: { PROCTOR_READ_TIMEOUT: '60', PROCTOR_SECRET: 'a secret for tests that is long enough' },
    // a session that has just reported its counters reports the next ones after 10 s of idleness, on 15 and newer
    expect: { poll: { timeout: 120_000, interval: 100 } },
    ...test,
  },
})

/** Small files that take minutes, by their beginnings: begun last, they would be waited for alone. */
const LONG =
  /explain-normalised|proposals|another-cluster|partition-repair|failing-starts|interrupted-starts|audit-verify|explain-hostile|bin\/proctor/

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const isLong = ({ moduleId }: TestSpecification) => LONG.test(moduleId)
    const shares = ({ project: { name } }: TestSpecification) => name === 'together'
    const others = sorted.filter((file) => !isLong(file))
    // A process that is shared ends as soon as the next file in turn is one that wants its own: those that share stand last, side by side.
    return [...sorted.filter(isLong), ...others.filter((file) => !shares(file)), ...others.filter(shares)]
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongFirst },
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
