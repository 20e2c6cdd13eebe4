/**
 * `npm run -s bench:hostile`: what owners of databases, fake servers, strangers and viewers can try, done to the console as
 * `npm start` makes it, web and worker, with servers of 14 and 18. Each kind first shows, on a fault that it plants itself,
 * that it would see one. Meanwhile the healthy sample must go on being sampled.
 *
 * Exit status 1 where anything ran, was seen, ended or was otherwise got; where the sample was left alone for longer than 15 s;
 * where a kind did not see its planted fault; or where fewer than 120 attempts were made.
 */
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { tableText } from '../bin/print-table'
import { auditKind } from './hostile-audit'
import { type Attack, type Harm, harm, type Kind } from './hostile-case'
import { encodingsKind } from './hostile-encodings'
import { explainKind } from './hostile-explain'
import { type House, openHouse } from './hostile-house'
import { createIndexKind } from './hostile-index'
import { inputKind } from './hostile-input'
import { namesKind } from './hostile-names'
import { processesKind } from './hostile-processes'
import { secretsKind } from './hostile-secrets'
import { redirectsKind, signInKind } from './hostile-sign-in'
import { wireKind } from './hostile-wire'

const KINDS: Kind[] = [
  namesKind,
  explainKind,
  createIndexKind,
  secretsKind,
  processesKind,
  wireKind,
  signInKind,
  redirectsKind,
  inputKind,
  auditKind,
  encodingsKind,
]

const LIMIT = { seconds: 15, attempts: 120 }
const WATCH_EVERY_MS = 500

/** Parts of names of kinds, to try these alone: npm run -s bench:hostile -- wire,audit */
const only = (process.argv[2] ?? '').split(',')

/** For how long, at most, the healthy server was not sampled while something went on. */
async function watching<T>(house: House, what: () => Promise<T>): Promise<{ value: T; seconds: number }> {
  let worst = 0
  const over = new AbortController()
  const began = Date.now()
  const look = async () => {
    worst = Math.max(worst, Date.now() - Math.max(began, await house.sampledAt()))
  }
  const watch = (async () => {
    for (; !over.signal.aborted; await sleep(WATCH_EVERY_MS)) await look()
  })()
  const value = await what()
  const ended = Date.now()
  while ((await house.sampledAt()) < ended && Date.now() < ended + 60_000) await sleep(WATCH_EVERY_MS)
  worst = Math.max(worst, Date.now() - ended)
  over.abort()
  await watch
  return { value, seconds: Math.round(worst / 1_000) }
}

const failure = (name: string) => (error: unknown) => harm('other', `${name} could not be tried: ${String(error)}`)

async function run(house: House, { name, prepare }: Kind) {
  const said = new Set<string>()
  const began = Date.now()
  const before = await house.crashes()
  const { value, seconds } = await watching(house, async () => {
    const attack = await prepare(house).catch(
      (error): Attack => ({ attempts: [], after: () => Promise.reject(error), control: async () => [] }),
    )
    const harms: Harm[] = []
    const waiting = attack.attempts.values()
    const one = async () => {
      for (const attempt of waiting) {
        const done = await attempt.make().catch(failure(attempt.name))
        harms.push(...done)
        for (const { what, text } of done) said.add(`${what}: ${attempt.name}: ${text}`)
      }
    }
    await Promise.all(Array.from({ length: attack.together ?? 1 }, one))
    const after = (await attack.after?.().catch(failure('the look afterwards'))) ?? []
    for (const { what, text } of after) said.add(`${what}: ${text}`)
    return { attack, harms: [...harms, ...after] }
  })
  const crashes = (await house.crashes()) - before
  const seen = await value.attack.control().catch(() => [])
  const count = (what: Harm['what']) => value.harms.filter((one) => one.what === what).length
  process.stderr.write(`${name}, ${Math.round((Date.now() - began) / 1_000)} s\n${[...said].map((line) => `  ${line}\n`).join('')}`)
  return {
    kind: name,
    cases: value.attack.attempts.length,
    'code run': count('code'),
    'secrets seen': count('secrets'),
    crashes: crashes + count('crashes'),
    'otherwise got': count('other'),
    'seconds unsampled': seconds,
    'planted fault': seen.length > 0 ? 'seen' : 'MISSED',
  }
}

const house = await openHouse()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => house.close().finally(() => process.exit(130)))
const rows: Awaited<ReturnType<typeof run>>[] = []
try {
  while ((await house.sampledAt()) === 0) await sleep(WATCH_EVERY_MS)
  for (const kind of KINDS.filter(({ name }) => only.some((part) => name.includes(part)))) {
    rows.push(await run(house, kind))
  }
} finally {
  await house.close()
}
const sum = rows.reduce((all, { cases }) => all + cases, 0)
process.stdout.write(`${tableText(rows)}\n${sum} cases\n`)
const harmless = rows.every(
  (row) => row['code run'] + row['secrets seen'] + row.crashes + row['otherwise got'] === 0 && row['planted fault'] === 'seen',
)
const sampled = rows.every((row) => row['seconds unsampled'] <= LIMIT.seconds)
process.exit(harmless && sampled && (only.join() !== '' || sum >= LIMIT.attempts) ? 0 : 1)
