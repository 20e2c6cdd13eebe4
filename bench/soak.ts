/**
 * `npm run -s bench:soak -- MINUTES` (30 when left out): the production build with 2 workers, 3 tabs of a browser (overview, indexes,
 * a run that is going on), and one rebuild after the other, while one fault a minute comes. Every 10 s memory, descriptors and
 * connections of every process are noted. Exit status 1 when one of them grows from the first third to the last, when a log or a tab
 * tells of an unhandled error, when the series lacks a bucket beyond the minutes of faults, or when a run was told wrongly.
 */
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { tableText } from '../bin/print-table'
import { openHouse } from './faults/house'
import { openBuilding } from './soak/building'
import { FAULTS } from './soak/faults'
import { growth, type Reading, read } from './soak/readings'
import { keepRebuilding } from './soak/runs'
import { openTabs } from './soak/tabs'

const MINUTE_MS = 60_000
const READ_EVERY_MS = 10_000
/** After a fault a bucket may be missing for so long: a server is left alone for 10 s after a failure, and a delta needs two samples. */
const AFTER_FAULT_MS = 40_000

const minutes = Number(process.argv[2] ?? 30)
const house = await openHouse()
let clean = false
process.once('SIGINT', () => house.close().finally(() => process.exit(130)))
try {
  const building = await openBuilding(house)
  const rebuilding = keepRebuilding(house, building)
  await rebuilding.first
  const tabs = await openTabs(building, rebuilding.newest)
  const from = Date.now()
  const readings: Reading[] = []
  const faults: { from: number; to: number; name: string }[] = []
  const injecting = (async () => {
    for (let nth = 0; Date.now() - from + MINUTE_MS < minutes * MINUTE_MS; nth++) {
      await sleep(Math.max(0, from + (nth + 0.5) * MINUTE_MS - Date.now()))
      const fault = FAULTS[nth % FAULTS.length]
      if (!fault) break
      const begun = Date.now()
      const problem = await fault.inject(house, building).then(
        () => null,
        (error: Error) => error.message,
      )
      faults.push({ from: begun, to: Date.now(), name: problem === null ? fault.name : `${fault.name}: not injected, ${problem}` })
      process.stderr.write(`${Math.round((begun - from) / 1_000)} s: ${faults.at(-1)?.name}\n`)
    }
  })()
  for (; Date.now() - from < minutes * MINUTE_MS; await sleep(READ_EVERY_MS)) readings.push(...(await read(building)))
  await injecting
  const to = Date.now()
  const runs = await rebuilding.stop()
  const pageErrors = await tabs.close()
  const lost = await building.missingBuckets(
    from,
    to,
    faults.map(({ from, to }) => ({ from, to: to + AFTER_FAULT_MS })),
  )
  const unhandled = await building.unhandled()
  await building.stop()

  const grown = growth(readings)
  process.stdout.write(tableText(grown))
  process.stdout.write(
    `\n${faults.length} faults; ${runs.told} runs told truly, ${runs.wrong.length} wrongly; ${lost.length} buckets lost; `,
  )
  process.stdout.write(`${unhandled.length} unhandled errors in logs, ${pageErrors.length} in tabs\n`)
  for (const line of [...runs.wrong, ...lost.slice(0, 20), ...unhandled, ...pageErrors]) process.stdout.write(`  ${line}\n`)
  const notInjected = faults.filter(({ name }) => name.includes('not injected'))
  clean =
    grown.every(({ flat }) => flat === 'yes') &&
    [runs.wrong, lost, unhandled, pageErrors, notInjected].every(({ length }) => length === 0) &&
    runs.told > 0
} finally {
  await house.close()
}
process.exit(clean ? 0 : 1)
