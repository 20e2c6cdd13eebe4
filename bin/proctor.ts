import process from 'node:process'
import { Command, CommanderError } from 'commander'
import { CHECKS, findCheck } from '../db/checks/registry'
import { closePools } from '../db/server/pool'
import type { Problem, Result } from '../db/server/problem'
import type { Target } from '../db/server/target'
import { reachTarget } from '../db/server/target-url'
import { answerPlace } from './answer-place'
import { backupCommand } from './backup'
import { chosenCount, explain } from './explain'
import { indexOptions, indexPastOf } from './index-options'
import { withKeptNames } from './kept-names'
import { cell, tableText } from './print-table'
import { NAMED_READS, type ReadOptions, type Rows } from './read-rows'
import { restoreCommand } from './restore'
import { chosenProfile, TUNE_WORDS, type TuneOptions, tune, tuneConfFile } from './tune'
import { type VerifyOptions, verify } from './verify'

/** Exit status: 0 looked and found nothing, 1 found something, 2 could not look. */
const [NOTHING, FOUND, COULD_NOT_LOOK] = [0, 1, 2]

interface Options extends ReadOptions {
  url?: string
  json?: boolean
}

/** Ends the command with one sentence on stderr. */
class CannotLook extends Error {}

const say = (problem: Problem): string =>
  [problem.message, problem.hint, problem.fix && `Fix: ${problem.fix}`].flatMap((said) => said?.replace(/\.$/, '') || []).join('. ')

function orGiveUp<T>(result: Result<T>): T {
  if (!result.ok) throw new CannotLook(say(result.problem))
  return result.value
}

/** k=v; the value is JSON where it reads as such (5, true, null, [1,2]), else text. */
function collectParam(pair: string, so: Record<string, unknown> = {}): Record<string, unknown> {
  const at = pair.indexOf('=')
  if (at < 1) throw new CannotLook(`--param wants name=value, not "${pair}"`)
  const text = pair.slice(at + 1)
  try {
    return { ...so, [pair.slice(0, at)]: JSON.parse(text) }
  } catch {
    return { ...so, [pair.slice(0, at)]: text }
  }
}

async function reach({ url = process.env.DATABASE_URL }: Options): Promise<Target> {
  if (!url) throw new CannotLook('Give the server to look at: --url postgres://user:password@host:port/database')
  try {
    return await reachTarget('command-line', url)
  } catch (error) {
    throw new CannotLook(error instanceof Error ? error.message : String(error))
  }
}

const print = (rows: Rows, json = false): void => {
  process.stdout.write(json ? `${JSON.stringify(rows, null, 2)}\n` : tableText(rows))
}

const printNames = (list: readonly { name: string; about: string }[]): void => print(list.map(({ name, about }) => ({ name, about })))

async function read(name: string | undefined, options: Options): Promise<number> {
  if (name === undefined) {
    printNames(NAMED_READS)
    return NOTHING
  }
  const found = NAMED_READS.find((known) => known.name === name)
  if (!found) throw new CannotLook(`There is no read "${cell(name)}"; there are ${NAMED_READS.map((known) => known.name).join(', ')}`)
  const unknown = Object.keys(options.param ?? {}).find((param) => !found.params.includes(param))
  if (unknown) throw new CannotLook(`The read ${name} has no parameter "${cell(unknown)}"`)
  const { rows, short = rows, without } = orGiveUp(await found.rows(await reach(options), options))
  for (const { part, problem } of without) process.stderr.write(`Without ${part}: ${cell(say(problem))}\n`)
  print(options.json ? rows : short, options.json)
  return NOTHING
}

async function check(name: string | undefined, options: Options): Promise<number> {
  const chosen = name === undefined ? CHECKS : [findCheck(name)].filter((known) => known !== undefined)
  if (chosen.length === 0)
    throw new CannotLook(`There is no check "${cell(name)}"; there are ${CHECKS.map((known) => known.name).join(', ')}`)
  const target = await reach(options)
  const indexPast = await indexPastOf(target, options)
  const past = { indexes: async () => indexPast }
  const rows: Rows = []
  const problems: string[] = []
  for (const { name: checkName, look } of chosen) {
    const result = await look(target, past)
    if (result.ok) rows.push(...withKeptNames(result.value.map((finding) => ({ check: checkName, ...finding }))))
    else problems.push(`${checkName}: ${cell(say(result.problem))}`)
  }
  // One cause, such as a server that is not there, is one sentence.
  const causes = new Set(problems.map((problem) => problem.replace(/^[a-z-]+: /, '')))
  if (causes.size === 1 && rows.length === 0) throw new CannotLook([...causes].join())
  if (options.json) print(rows, true)
  else if (rows.length === 0) process.stdout.write('Nothing found.\n')
  else print(rows.map(({ check: of, severity, title, evidence, sql }) => ({ check: of, severity, title, evidence, sql })))
  if (problems.length > 0) throw new CannotLook(problems.join('; '))
  return rows.length > 0 ? FOUND : NOTHING
}

const program = new Command('proctor')
  .description('Reads and checks of a PostgreSQL server. Exit status: 0 no findings, 1 findings, 2 checks failed to run.')
  .exitOverride()
  .configureOutput({ outputError: () => undefined })

const common = (command: Command): Command =>
  command
    .option('--url <address>', 'postgres://user:password@host:port/database?sslmode=…; default: DATABASE_URL')
    .option('--json', 'one JSON array instead of a table')

indexOptions(common(program.command('read [name]').description('print the rows of a read; without a name, the names')))
  .option('--param <name=value>', 'a parameter of the read; may be repeated', collectParam)
  .action(async (name: string | undefined, options: Options) => {
    process.exitCode = await read(name, options)
  })
indexOptions(common(program.command('check [name]').description('run one check, or all'))).action(
  async (name: string | undefined, options: Options) => {
    process.exitCode = await check(name, options)
  },
)
program
  .command('checks')
  .description('the names of the checks')
  .action(() => printNames(CHECKS))

common(
  program
    .command('explain')
    .description('plan the costliest statements from their normalized texts; exit status 1 if any cannot be planned'),
)
  .requiredOption('--top <n>', 'how many statements to take from pg_stat_statements, by total time, in the database of the address')
  .action(async (options: Options & { top: string }) => {
    const count = chosenCount(options.top)
    const all = await explain(await reach(options), { count, json: options.json === true }, { orGiveUp, say })
    process.exitCode = all ? NOTHING : FOUND
  })

const tuning = program
  .command('tune')
  .description('recommend settings; exit status 1 if any would change')
  .option('--url <address>', 'postgres://user:password@host:port/database?sslmode=…; default: DATABASE_URL')
for (const [name, words] of Object.entries(TUNE_WORDS)) tuning.option(`--${name} <value>`, `${words}; guessed from the server by default`)
tuning
  .option('--conf-file <path>', 'a postgresql.conf to check without a server; needs --major')
  .option('--major <number>', 'major version for --conf-file, such as 18')
  .option('--all', 'include settings that already match')
  .option('--json', 'one JSON object, with the memory budget')
  .option('--sql', 'an ALTER SYSTEM script')
  .option('--conf', 'a postgresql.conf fragment')
  .option('--yaml', 'a map for Kubernetes operators')
  .option('--terraform', 'blocks of a parameter group')
  .action(async (options: Options & TuneOptions) => {
    const chosen = chosenProfile(options)
    const { confFile, major } = options
    if (major !== undefined && confFile === undefined) throw new Error('--major is for --conf-file: a server reports its own')
    const changes =
      confFile === undefined ? tune(await reach(options), chosen, options, orGiveUp) : tuneConfFile(chosen, { ...options, confFile })
    process.exitCode = (await changes) ? FOUND : NOTHING
  })

program
  .command('audit')
  .description("the console's own audit")
  .command('verify')
  .description('verify the chain of the audit and its keys; exit status 1 with the first bad entry if it is broken, 2 without the key')
  .option('--url <address>', 'of the console database; default: PROCTOR_DATABASE_URL, or the console of PROCTOR_DATA_DIR, running or not')
  .option('--newest <hash>', 'the newest hash as kept elsewhere: it must still be in the chain')
  .option('--json', 'one JSON object instead of a sentence')
  .action(async (options: VerifyOptions) => {
    const { words, status } = await verify(options)
    process.stdout.write(`${words}\n`)
    process.exitCode = status
  })

for (const [name, about] of [
  ['moved', 'confirm that this console was moved: it continues here, and the other place no longer exists'],
  ['copied', 'confirm that this console is a copy: it gets its own id, and its open runs are left to the other console'],
] as const)
  program
    .command(name)
    .description(about)
    .action(async () => {
      process.stdout.write(`${await answerPlace(name)}\n`)
    })

backupCommand(program)
restoreCommand(program)

// A reader that has seen enough, such as head, is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => error.code === 'EPIPE' && process.exit())

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError && error.code.startsWith('commander.help')) process.exitCode = error.exitCode && COULD_NOT_LOOK
  else {
    process.exitCode = COULD_NOT_LOOK
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error // Drizzle wraps what the driver says
    const message = cause instanceof Error ? cause.message : String(cause)
    process.stderr.write(`${message.replace(/^error: /, '')}\n`)
  }
} finally {
  await closePools()
}
