import { setTimeout as sleep } from 'node:timers/promises'
import type { Major } from '../../db/embedded/binaries'
import { begin, type Case, Refused, type Setting } from './case'
import type { Fault, Scene } from './fault'
import type { House } from './house'
import { statementsOf, type Verdict, verdictOf } from './judge'
import type { Server } from './server'
import { going, type Variant, variant, variants } from './works'

/** So long the address leads astray; a worker sweeps its queue every 15 s. */
const ASTRAY_MS = 18_000

/** Two clusters that nothing but their identity tells apart: the same names, OIDs and files. */
async function twins(house: House, majors: [Major, Major] = [18, 18]): Promise<Setting> {
  const [server, other] = await Promise.all(majors.map((major) => house.newServer(major)))
  return server && other ? { server, others: [other], end: async () => void (await Promise.all([server.stop(), other.stop()])) } : {}
}

const otherOf = ({ others }: Case): Server => others[0] as Server

/** The address leads to the other cluster for a while, and back. `meanwhile` begins there. */
const leadAstray =
  (open: 'cut' | 'kept', meanwhile: (house: House, cases: Case[]) => Promise<unknown>): Fault['inject'] =>
  async (house, cases) => {
    for (const one of cases) one.wire.lead(otherOf(one).port, open)
    await meanwhile(house, cases)
    await sleep(ASTRAY_MS)
    for (const one of cases) one.wire.lead(one.server.port, open)
  }

const startWorker = async (house: House) => void house.main.startWorker(SAMPLED)
const openWindows = (_house: House, cases: Case[]) => Promise.all(cases.map((one) => one.release()))
const SAMPLED = { PROCTOR_SAMPLING: 'on', PROCTOR_SAMPLING_ACTIVITY: '2' }

const CHANGED = 'address to another cluster'
const common = { kind: CHANGED, setting: (house: House) => twins(house), environment: async () => SAMPLED }
const UNCLAIMED = variants(['rebuild', 'create', 'drop', 'vacuum', 'setting', 'options'], ({ queue }) => queue === 'unclaimed')
const WINDOW = variants(undefined, ({ queue }) => queue === 'window')

const SENDING = [
  variant('rebuild', 'waiting for writers'),
  variant('drop', 'waiting for readers'),
  variant('vacuum', 'at a pinned page'),
  variant('setting', 'answer on its way'),
]

/** Shown on one cluster, confirmed on the other: refused, and nothing is queued. */
const beforeConfirmation = (shown: Variant[]): Scene => ({
  kind: CHANGED,
  name: 'between the plan and its confirmation',
  injects: shown.length,
  play: async (house) => {
    await house.killWorkers()
    house.main.startWorker(SAMPLED)
    const setting = await twins(house)
    const { server, others = [] } = setting
    const lead = async (wire: Case['wire']) => wire.lead(others[0]?.port ?? 0, 'cut')
    const verdicts: Verdict[] = []
    for (const what of shown) {
      const one = await begin(house, what, { ...setting, betweenPlanAndConfirm: lead }).catch((error: Error) => error)
      if (one instanceof Refused) verdicts.push(verdictOf(what.name, 'refused'))
      else if (one instanceof Error) verdicts.push({ ...verdictOf(what.name, 'not injected'), lost: [one.message] })
      else {
        const { state } = await one.watched.ended
        const verdict = verdictOf(what.name, state)
        for (const other of others) if ((await statementsOf(one, other)) > 0) verdict.wrong.push(`sent to port ${other.port}`)
        if (server && (await statementsOf(one, server)) > 0) verdict.told.push('sent although the address led elsewhere')
        verdicts.push(verdict)
        await one.close()
      }
    }
    await setting.end?.()
    return verdicts
  },
})

export const ANOTHER_CLUSTER: (Fault | Scene)[] = [
  beforeConfirmation(UNCLAIMED),
  { ...common, name: 'before the claim', variants: UNCLAIMED, workers: 0, inject: leadAstray('cut', startWorker) },
  { ...common, name: 'while it waits for its window', variants: WINDOW, inject: leadAstray('cut', openWindows) },
  {
    ...common,
    name: 'between two tries',
    variants: variants(undefined, ({ queue }) => queue === 'retry'),
    inject: leadAstray('cut', openWindows),
  },
  {
    ...common,
    name: 'while it goes on, connections cut',
    variants: variants(undefined, ({ queue }) => queue === undefined),
    inject: leadAstray('cut', async () => undefined),
    allowed: { lost: true },
  },
  {
    ...common,
    name: 'while it goes on, open connections kept',
    variants: SENDING,
    inject: leadAstray('kept', async () => undefined),
    allowed: { lost: true }, // what is read back afterwards comes from the other one
  },
  {
    ...common,
    name: 'while it goes on, worker killed',
    variants: variants(['rebuild', 'drop', 'vacuum', 'vacuum full'], going),
    inject: leadAstray('cut', async (house) => {
      await house.killWorkers()
      house.main.startWorker(SAMPLED)
    }),
    allowed: { lost: true },
  },
  ...upgrades(),
]

/** pg_upgrade makes a new cluster: until somebody says that it is this server now, it is another. */
function upgrades(): Fault[] {
  const kind = 'major upgrade at the address'
  const setting = (house: House) => twins(house, [14, 18])
  return [
    { ...common, kind, setting, name: 'before the claim', variants: UNCLAIMED, workers: 0, inject: leadAstray('cut', startWorker) },
    { ...common, kind, setting, name: 'while it waits for its window', variants: WINDOW, inject: leadAstray('cut', openWindows) },
    {
      ...common,
      kind,
      setting,
      name: 'while it goes on',
      variants: SENDING,
      inject: leadAstray('cut', async () => undefined),
      allowed: { lost: true },
    },
  ]
}
