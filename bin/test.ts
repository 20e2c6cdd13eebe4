/** `npm test`: rules, types, tests on real servers, journeys in a real browser. Prints the sum last. */
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
}

const bin = (name: string): string => path.join(CHECKOUT, 'node_modules', '.bin', name)
const SOURCES = ['app', 'components', 'db', 'bin', 'bench', 'e2e']

/** Runs a command with its output shown; resolves with its exit code. */
function run(command: string, args: string[], environment: Record<string, string | undefined> = {}): Promise<number | null> {
  const env = { ...process.env, ...environment, PATH: `${path.join(CHECKOUT, 'node_modules', '.bin')}:${process.env.PATH}` }
  const child = spawn(command, args, { cwd: CHECKOUT, env, stdio: ['ignore', 'inherit', 'inherit'] })
  return new Promise((resolve, reject) => child.once('exit', resolve).once('error', reject))
}

/** A rule that holds or does not: one passed or one failed. */
async function rule(name: string, work: () => Promise<number | null>): Promise<Count> {
  const good = (await work()) === 0
  process.stdout.write(`${good ? 'passed' : 'FAILED'}  ${name}\n`)
  return good ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

/** A runner that writes its result as JSON. One that ended badly without a failed test still counts as a failure. */
async function suite(work: (resultFile: string) => Promise<number | null>, count: (result: never) => Count): Promise<Count> {
  const folder = await mkdtemp(path.join(tmpdir(), 'proctor-result-'))
  const file = path.join(folder, 'result.json')
  const code = await work(file)
  const text = await readFile(file, 'utf8').catch(() => undefined)
  await rm(folder, { recursive: true, force: true })
  const counted = text ? count(JSON.parse(text) as never) : { passed: 0, failed: 0 }
  return code !== 0 && counted.failed === 0 ? { ...counted, failed: 1 } : counted
}

const units = () =>
  suite(
    (file) => run(bin('vitest'), ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`]),
    (result: { numPassedTests: number; numFailedTests: number }) => ({ passed: result.numPassedTests, failed: result.numFailedTests }),
  )

const journeys = (browser: string) =>
  suite(
    (file) =>
      run(bin('playwright'), ['test', '--reporter=list,json'], {
        PLAYWRIGHT_JSON_OUTPUT_NAME: file,
        PROCTOR_TEST_BROWSER: browser,
      }),
    ({ stats }: { stats: { expected: number; unexpected: number; flaky: number } }) => ({
      passed: stats.expected,
      failed: stats.unexpected + stats.flaky,
    }),
  )

const counts: Count[] = [
  await rule('biome: format and lint', () => run(bin('biome'), ['check', '.'])),
  await rule('dependency-cruiser: rooms', () => run(bin('depcruise'), SOURCES)),
  await rule('tsc: types', async () => (await run(bin('next'), ['typegen'])) || (await run(bin('tsc'), ['--noEmit']))),
  await units(),
]
counts.push(
  await rule('next build', async () => {
    if (await buildIsStale()) await build()
    return 0
  }),
)
counts.push(await journeys(await findBrowser()))

const sum = (key: keyof Count) => counts.reduce((total, count) => total + count[key], 0)
process.stdout.write(`\n${sum('passed')} passed, ${sum('failed')} failed\n`)
process.exit(sum('failed') === 0 ? 0 : 1)
