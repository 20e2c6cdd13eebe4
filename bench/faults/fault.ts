import { setTimeout as sleep } from 'node:timers/promises'
import { begin, type Case, type Setting } from './case'
import type { House } from './house'
import { type Allowed, judge, type Verdict, verdictOf } from './judge'
import type { Variant } from './works'

/** So many runs may be in their stages at the same time: as many servers as a worker serves. */
const AT_ONCE = 8

/** What happens to a house with runs in their stages. Each run to which it happens counts as one fault. */
export interface Fault {
  /** A row of the table. */
  kind: string
  /** Tells it from the others of its kind. */
  name: string
  variants: Variant[]
  /** Resolves when the fault is over. `cases` are where they are to be; their holders still hold. */
  inject: (house: House, cases: Case[]) => Promise<void>
  setting?: (house: House) => Promise<Setting>
  allowed?: Allowed | ((one: Case) => Allowed)
  /** How many workers there are before the runs are confirmed; 1 when left out. */
  workers?: number
  /** Of the workers. */
  environment?: (house: House) => Promise<Record<string, string>>
  /** Looks at what no run tells. */
  alsoJudge?: (house: House, one: Case, verdict: Verdict) => Promise<void>
}

/** A fault that is too much its own for stages: it does everything itself, a verdict for each run. */
export interface Scene {
  kind: string
  name: string
  /** How many faults it injects. */
  injects: number
  play: (house: House) => Promise<Verdict[]>
}

export const isScene = (one: Fault | Scene): one is Scene => 'play' in one

export const injectsOf = (one: Fault | Scene): number => (isScene(one) ? one.injects : one.variants.length)

/** Does it, in groups of as many runs as one worker takes at once. */
export async function executeRun(house: House, fault: Fault | Scene): Promise<Verdict[]> {
  if (isScene(fault)) return fault.play(house)
  const verdicts: Verdict[] = []
  for (let at = 0; at < fault.variants.length; at += AT_ONCE)
    verdicts.push(...(await injectTo(house, fault, fault.variants.slice(at, at + AT_ONCE))))
  return verdicts
}

async function injectTo(house: House, fault: Fault, variants: Variant[]): Promise<Verdict[]> {
  await house.killWorkers()
  const environment = (await fault.environment?.(house)) ?? {}
  for (let at = 0; at < (fault.workers ?? 1); at++) house.main.startWorker(environment)
  const setting = await fault.setting?.(house)
  // First what must see no older transaction, in whichever database.
  const ordered = variants.toSorted((one, other) => Number(other.work.name === 'vacuum') - Number(one.work.name === 'vacuum'))
  const begun = await Promise.all(ordered.map((what) => begin(house, what, setting).catch((error: Error) => notBegun(what, error))))
  const cases = begun.filter((one): one is Case => 'run' in one)
  const verdicts = begun.filter((one): one is Verdict => !('run' in one))
  try {
    // What could not be injected is told with each run that it was meant for.
    const injected = await fault.inject(house, cases).catch((error: Error) => error)
    await Promise.all(cases.map((one) => one.release()))
    const faultEnd = Date.now()
    if (house.main.workers.size === 0) house.main.startWorker(environment)
    verdicts.push(
      ...(await Promise.all(
        cases.map(async (one) => {
          const allowed = typeof fault.allowed === 'function' ? fault.allowed(one) : fault.allowed
          const tries = one.what.stage.queue === 'retry'
          const verdict = await judge(house, one, faultEnd, { tries, ...allowed }).catch((error: Error) => notBegun(one.what, error))
          await fault.alsoJudge?.(house, one, verdict)
          if (injected instanceof Error) verdict.lost.push(`Not injected: ${injected.message}`)
          return verdict
        }),
      )),
    )
  } finally {
    await Promise.all(cases.map((one) => one.close()))
    await setting?.end?.()
  }
  return verdicts
}

/** A fault of the bench, or of the product before the fault came: told, and counted. */
const notBegun = ({ name }: Variant, { message }: Error): Verdict => ({ ...verdictOf(name, 'not injected'), lost: [message] })

/** Waits for a condition; errors after a minute. */
export async function until(what: string, there: () => Promise<boolean> | boolean, ms = 60_000): Promise<void> {
  for (const end = Date.now() + ms; ; await sleep(100)) {
    if (await there()) return
    if (Date.now() > end) throw new Error(`Waited in vain: ${what}`)
  }
}
