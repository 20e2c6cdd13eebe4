/**
 * `npm run -s bench:faults`: does to Proctor what happens in the night, to real processes, and compares what the runs say
 * afterwards with what the servers say. Each run to which something happens counts as one fault. Exit status 1 when a run was
 * executed on the wrong server, doubled, told wrongly, ended by another console or lost, when something that was left behind
 * was not told, or when the truth took longer than two minutes.
 *
 * `npm run -s bench:faults -- TEXT` injects those whose kind or name holds the text; `--list` only tells which there are.
 */
import process from 'node:process'
import { tableText } from '../bin/print-table'
import { FAULTS } from './faults/all'
import { executeRun, type Fault, injectsOf, type Scene } from './faults/fault'
import { openHouse } from './faults/house'
import { COUNTS, type Count, LIMIT_MS, type Verdict, verdictOf } from './faults/judge'

const [asked = ''] = process.argv.slice(2)
const chosen = FAULTS.filter(({ kind, name }) => asked === '--list' || `${kind}, ${name}`.includes(asked))

if (asked === '--list' || chosen.length === 0) {
  const all = chosen.map((fault) => ({ kind: fault.kind, fault: fault.name, injected: injectsOf(fault) }))
  process.stdout.write(tableText(all))
  process.stdout.write(`\n${all.reduce((sum, { injected }) => sum + injected, 0)} faults\n`)
  process.exit(chosen.length === 0 ? 1 : 0)
}

const counts = Object.keys(COUNTS) as Count[]
const verdicts = new Map<string, Verdict[]>()

function note({ kind, name }: Fault | Scene, all: Verdict[]): void {
  verdicts.set(kind, [...(verdicts.get(kind) ?? []), ...all])
  for (const verdict of all) {
    const wrong = counts.flatMap((count) => verdict[count].map((words) => `${COUNTS[count]}: ${words.slice(0, 400)}`)).join('; ')
    const late = `${(verdict.truthMs / 1_000).toFixed(1)} s`
    process.stderr.write(`${kind}, ${name} – ${verdict.what}: ${verdict.state}, ${late}${wrong && ` – ${wrong}`}\n`)
  }
}

const house = await openHouse()
process.once('SIGINT', () => house.close().finally(() => process.exit(130)))
try {
  for (const fault of chosen) {
    const started = Date.now()
    const all = await executeRun(house, fault).catch((error: Error) => [
      { ...verdictOf(fault.name, 'not injected'), lost: [error.message] },
    ])
    note(fault, all)
    process.stderr.write(`  (${Math.round((Date.now() - started) / 1_000)} s)\n`)
  }
} finally {
  await house.close()
}

const rows = [...verdicts].map(([kind, all]) => ({
  kind,
  injected: all.length,
  ...Object.fromEntries(counts.map((count) => [COUNTS[count], all.filter((verdict) => verdict[count].length > 0).length])),
  'minutes until the truth, worst': Number((Math.max(...all.map(({ truthMs }) => truthMs)) / 60_000).toFixed(1)),
  ended: Object.entries(Object.groupBy(all, ({ state }) => state))
    .map(([state, some]) => `${some?.length} ${state}`)
    .join(', '),
}))
process.stdout.write(tableText(rows))
const all = [...verdicts.values()].flat()
process.stdout.write(`\n${all.length} faults\n`)
const clean = all.every((verdict) => verdict.truthMs < LIMIT_MS && counts.every((count) => verdict[count].length === 0))
process.exit(clean ? 0 : 1)
