/**
 * `npm test`: rules, types, tests on real servers, journeys in a real browser. Prints the sum last. The journeys come after the tests:
 * beside them, on two cores, they wait for the processor longer than a page may take.
 */
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { findBrowser } from './browser'
import { build, buildIsStale } from './build'
import { CHECKOUT } from './settings'

interface Count {
  passed: number
  failed: number
  /** What failed, with the first lines of why: said once more at the end, where a log that was cut still shows it. */
  failures: string[]
}

const bin = (name: string): string => path.join(CHECKOUT, 'node_modules', '.bin', name)
const SOURCES = ['app', 'components', 'db', 'bin', 'bench', 'e2e']

/** Runs a command with its output shown; resolves with its exit code. */
function run(command: string, args: string[], environment: Record<string, string | undefined> = {}): Promise<number | null> {
  const env = { ...process.env, ...environment, PATH: `${path.join(CHECKOUT, 'node_modules', '.bin')}:${process.env.PATH}` }
  const child = spawn(command, args, { cwd: CHECKOUT, env, stdio: ['ignore', 'inherit', 'inherit'] })
  return new Promise((resolve, reject) => child.once('close', resolve).once('error', reject))
}

/** A rule that holds or does not: one passed or one failed. */
async function rule(name: string, work: () => Promise<number | null>): Promise<Count> {
  const failures = await work().then(
    (code) => (code === 0 ? [] : [name]),
    (error: Error) => [`${name}: ${error.message}`],
  )
  process.stdout.write(`${failures.length === 0 ? 'passed' : 'FAILED'}  ${name}\n`)
  return { passed: 1 - failures.length, failed: failures.length, failures }
}

/** A runner that writes its result as JSON. One that ended badly without a failed test still counts as a failure. */
async function suite(work: (resultFile: string) => Promise<number | null>, count: (result: never) => Count): Promise<Count> {
  const folder = await mkdtemp(path.join(tmpdir(), 'proctor-result-'))
  const file = path.join(folder, 'result.json')
  const ended = await work(file).then(
    (code) => `status ${code}`,
    (error: Error) => error.message,
  )
  const text = await readFile(file, 'utf8').catch(() => undefined)
  await rm(folder, { recursive: true, force: true })
  const counted = text ? count(JSON.parse(text) as never) : { passed: 0, failed: 0, failures: [] }
  return ended !== 'status 0' && counted.failed === 0
    ? { ...counted, failed: 1, failures: [...counted.failures, `it ended without a failed test: ${ended}`] }
    : counted
}

interface UnitResult {
  numPassedTests: number
  numFailedTests: number
  testResults: { name: string; message: string; assertionResults: { fullName: string; status: string; failureMessages: string[] }[] }[]
}

/** The failed tests of a file; the file's own message where it could not be loaded. */
function failuresIn({ name, message, assertionResults }: UnitResult['testResults'][number]): string[] {
  const file = path.relative(CHECKOUT, name)
  const failed = assertionResults.filter(({ status }) => status === 'failed')
  if (failed.length === 0) return message ? [`${file}: ${message.slice(0, 500)}`] : []
  return failed.map(({ fullName, failureMessages }) => `${file} > ${fullName}: ${failureMessages.join(' ').slice(0, 500)}`)
}

const units = () =>
  suite(
    (file) => run(bin('vitest'), ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`]),
    ({ numPassedTests, numFailedTests, testResults }: UnitResult) => ({
      passed: numPassedTests,
      failed: numFailedTests,
      failures: testResults.flatMap(failuresIn),
    }),
  )

interface JourneySuite {
  suites?: JourneySuite[]
  specs: { title: string; file: string; ok: boolean }[]
}

const journeysFailed = ({ suites = [], specs }: JourneySuite): string[] => [
  ...specs.filter(({ ok }) => !ok).map(({ file, title }) => `${file} > ${title}`),
  ...suites.flatMap(journeysFailed),
]

const journeys = () =>
  suite(
    async (file) => {
      const environment = { PLAYWRIGHT_JSON_OUTPUT_NAME: file, PROCTOR_TEST_BROWSER: await findBrowser() }
      return run(bin('playwright'), ['test', '--reporter=list,json'], environment)
    },
    ({ stats, suites }: { stats: { expected: number; unexpected: number; flaky: number }; suites: JourneySuite[] }) => ({
      passed: stats.expected,
      failed: stats.unexpected + stats.flaky,
      failures: suites.flatMap(journeysFailed),
    }),
  )

const counts: Count[] = [
  ...(await Promise.all([
    rule('biome: format and lint', () => run(bin('biome'), ['check', '.'])),
    rule('dependency-cruiser: rooms', () => run(bin('depcruise'), SOURCES)),
    rule('next build', async () => {
      if (await buildIsStale()) await build() // before the tests: one of them looks whether a compiler is left running
      return 0
    }),
  ])),
  await rule('tsc: types', async () => (await run(bin('next'), ['typegen'])) || (await run(bin('tsc'), ['--noEmit']))),
  await units(),
  await journeys(),
]

for (const failure of counts.flatMap(({ failures }) => failures)) process.stdout.write(`FAILED  ${failure}\n`)
const sum = (key: 'passed' | 'failed') => counts.reduce((total, count) => total + count[key], 0)
process.stdout.write(`\n${sum('passed')} passed, ${sum('failed')} failed\n`)
process.exit(sum('failed') === 0 ? 0 : 1)
