import { setTimeout as sleep } from 'node:timers/promises'
import type { Major } from '../../db/embedded/binaries'
import type { Case, Setting } from './case'
import type { Fault } from './fault'
import type { House } from './house'
import { statementsOf, type Verdict } from './judge'
import type { Server } from './server'
import { going, type Variant, variant, variants } from './works'

/** A failover: the address leads to the standby, which had not got all that the primary had written. */

interface Pair extends Setting {
  primary: Server
  standby: Server
  fallBehind: () => Promise<void>
  caughtUp: () => Promise<void>
  promote: () => Promise<void>
}

/** Of the group that is going on. */
let pair: Pair | undefined

async function primaryAndStandby(house: House, major: Major): Promise<Setting> {
  const primary = await house.newServer(major, { wal_level: 'replica', hot_standby: 'on' })
  const { server, standby } = await house.newStandby(primary, major)
  const end = async () => {
    await Promise.all([primary.stop(), server.stop()])
  }
  pair = {
    server: primary,
    primary,
    standby: server,
    fallBehind: standby.fallBehind,
    caughtUp: standby.caughtUp,
    promote: standby.promote,
    end,
  }
  return pair
}

/** From now on the standby is the server. What only the primary knew is lost. */
async function failOver(cases: Case[], { lag, meanwhile }: { lag: boolean; meanwhile?: (one: Case) => Promise<unknown> }): Promise<void> {
  if (!pair) throw new Error('No pair')
  await pair.caughtUp()
  if (lag) await pair.fallBehind()
  for (const one of cases) await meanwhile?.(one)
  await sleep(lag ? 1_000 : 0)
  if (!lag) await pair.caughtUp()
  await pair.promote()
  for (const one of cases) {
    one.wire.lead(pair.standby.port, 'cut')
    one.server = pair.standby
    // Of the primary nobody asks any more whether something goes on there.
    one.watched.servers.splice(0, Infinity, pair.standby)
  }
  await pair.primary.restart('immediate', async () => undefined)
}

/** Sent on both sides of a promotion is sent twice. */
const onBothSides = async (_house: House, one: Case, verdict: Verdict): Promise<void> => {
  if (!pair) return
  const [before, after] = [await statementsOf(one, pair.primary), await statementsOf(one, pair.standby)]
  if (before > 0 && after > 0) verdict.doubled.push(`sent ${before} times before the promotion and ${after} times after it`)
}

const UNCLAIMED = variants(['rebuild', 'create', 'drop', 'vacuum', 'setting'], ({ queue }) => queue === 'unclaimed')
const WINDOW: Variant[] = variants(undefined, ({ queue }) => queue === 'window')
const GOING = variants(['rebuild', 'drop', 'vacuum', 'vacuum full'], going)

const promotion = (major: Major, name: string, fault: Pick<Fault, 'variants' | 'inject'> & Partial<Fault>): Fault => ({
  kind: 'promotion',
  name: `PostgreSQL ${major}: ${name}`,
  setting: (house) => primaryAndStandby(house, major),
  alsoJudge: onBothSides,
  environment: async () => ({ PROCTOR_SAMPLING: 'on', PROCTOR_SAMPLING_ACTIVITY: '2' }),
  ...fault,
})

export const PROMOTION: Fault[] = ([14, 18] as const).flatMap((major) => [
  promotion(major, 'before the claim', {
    variants: UNCLAIMED,
    workers: 0,
    inject: async (house, cases) => {
      await failOver(cases, { lag: false })
      house.main.startWorker()
      await sleep(5_000)
    },
  }),
  promotion(major, 'before the claim, the object was another on the primary alone', {
    variants: [variant('rebuild', 'unclaimed'), variant('drop', 'unclaimed')],
    workers: 0,
    inject: async (house, cases) => {
      await failOver(cases, {
        lag: true,
        meanwhile: ({ server, database }) => server.query(database, 'reindex index t_id; reindex index t_plain'),
      })
      house.main.startWorker()
      await sleep(5_000)
    },
  }),
  promotion(major, 'while it waits for its window', { variants: WINDOW, inject: (_house, cases) => failOver(cases, { lag: false }) }),
  promotion(major, 'while it goes on', {
    variants: GOING,
    inject: (_house, cases) => failOver(cases, { lag: false }),
    allowed: { lost: true },
  }),
  promotion(major, 'with lag, done on the primary alone', {
    variants: [
      variant('drop in place', 'answer on its way'),
      variant('options', 'answer on its way'),
      variant('setting', 'answer on its way'),
    ],
    inject: (_house, cases) => failOver(cases, { lag: false }),
    allowed: { lost: true },
  }),
  promotion(major, 'with lag, ends on the primary meanwhile', {
    variants: [variant('rebuild', 'waiting for readers'), variant('vacuum full', 'rewriting'), variant('drop', 'waiting for readers')],
    inject: async (_house, cases) => {
      for (const { wire } of cases) wire.stall()
      await failOver(cases, { lag: true, meanwhile: (one) => endHolder(one) })
      for (const { wire } of cases) wire.flow()
    },
    allowed: { lost: true },
  }),
])

/** The holder's end, at the server: the wire is stalled, and what ends is not heard of. */
const endHolder = ({ server, database }: Case) =>
  server.query(
    'postgres',
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and application_name = 'bench' and pid <> pg_backend_pid()`,
    [database],
  )
