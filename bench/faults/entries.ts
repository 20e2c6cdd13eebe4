import { setTimeout as sleep } from 'node:timers/promises'
import { changeServer, removeServer } from '../../db/console/server-changes'
import { DBA } from '../../test/support/confirm-run'
import type { Case, Setting } from './case'
import type { Fault } from './fault'
import type { House } from './house'
import { variant, variants } from './works'

/** What an administrator does to the entry of a server while runs on it are open. */

const OPEN = [
  ...variants(['rebuild', 'setting', 'drop'], ({ queue }) => queue === 'unclaimed' || queue === 'window'),
  variant('rebuild', 'waiting for writers'),
  variant('vacuum full', 'rewriting'),
]

/** Refused or not, the run has to end as its page says. */
const LOOK_MS = 3_000

const to = ({ role, database }: Case, port: number) => ({
  name: `${database}, moved`,
  readOnly: false,
  address: { host: '127.0.0.1', port, user: role, password: 'bench', database, sslmode: 'disable' as const },
})

async function twins(house: House): Promise<Setting> {
  const [server, other] = [await house.newServer(), await house.newServer()]
  return { server, others: [other], end: async () => void (await Promise.all([server.stop(), other.stop()])) }
}

const common = { workers: 0, setting: twins, allowed: { lost: true } }

/** Queued runs are unclaimed when it happens, the others are under way. */
const underWay = { ...common, workers: 1 }

export const ENTRIES: Fault[] = [
  ...[common, underWay].flatMap((how): Fault[] => [
    {
      ...how,
      kind: 'server removed',
      name: how.workers === 0 ? 'while runs are queued' : 'while runs go on',
      variants: OPEN.filter(({ stage }) => (stage.queue !== undefined) === (how.workers === 0)),
      inject: async (_house, cases) => {
        for (const { serverId } of cases) await removeServer(serverId, DBA)
        await sleep(LOOK_MS)
      },
    },
    {
      ...how,
      kind: 'address changed in the console',
      name: how.workers === 0 ? 'while runs are queued' : 'while runs go on',
      variants: OPEN.filter(({ stage }) => (stage.queue !== undefined) === (how.workers === 0)),
      inject: async (house, cases) => {
        for (const one of cases) await changeServer(one.serverId, to(one, one.others[0]?.port ?? 0), DBA)
        house.main.startWorker()
        await sleep(LOOK_MS)
      },
    },
  ]),
]
