import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Case } from './case'
import { type Fault, until } from './fault'
import { going, variant, variants } from './works'

/** What a monitored server, its network and its other administrators do while runs go on there. */

const STALLED_MS = 20_000

const REBUILDS = variants(['rebuild'], going)
const OTHERS = variants(['create', 'drop', 'vacuum', 'vacuum full', 'refresh', 'analyze'], going)
const ON_WIRE = variants(undefined, ({ wire }) => wire !== undefined)
const FEW = [variant('rebuild', 'waiting for writers'), variant('drop', 'waiting for readers'), variant('vacuum full', 'rewriting')]
const RETRIES = variants(undefined, ({ queue }) => queue === 'retry')

const each = (sql: (one: Case) => string) => async (cases: Case[]) => {
  for (const one of cases) await one.server.query('postgres', sql(one))
}

const theStatement = (one: Case) => ({
  values: [one.database, one.what.work.statement(one.nth)],
  where: `datname = $1 and state = 'active' and left(query, length($2)) = $2`,
})

export const MONITORED_TROUBLES: Fault[] = [
  {
    kind: 'monitored server stopped (SIGSTOP)',
    name: 'for 20 s',
    variants: [...REBUILDS, ...OTHERS],
    inject: async ({ monitored }) => {
      await monitored.freeze()
      await sleep(STALLED_MS)
      await monitored.thaw()
    },
  },
  {
    kind: 'network swallowed',
    name: 'for 20 s, work goes on',
    variants: REBUILDS,
    inject: async (_house, cases) => {
      for (const { wire } of cases) wire.stall()
      await sleep(STALLED_MS)
      for (const { wire } of cases) wire.flow()
    },
  },
  {
    kind: 'network swallowed',
    name: 'for 20 s, work ends meanwhile, then cut',
    variants: OTHERS,
    inject: async (_house, cases) => {
      for (const { wire } of cases) wire.stall()
      await sleep(2_000)
      await each(
        ({ database }) =>
          `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database}' and application_name = 'bench'`,
      )(cases)
      await sleep(STALLED_MS)
      for (const { wire } of cases) {
        wire.cut()
        wire.flow()
      }
    },
  },
  {
    kind: 'network swallowed',
    name: 'worker killed meanwhile, what was sent arrives late',
    variants: ON_WIRE,
    inject: async (house) => {
      await house.killWorkers()
      house.main.startWorker()
      await sleep(STALLED_MS / 2)
    },
  },
  {
    kind: 'network slow',
    name: 'each packet 700 ms late, then cut',
    variants: FEW,
    inject: async (_house, cases) => {
      for (const { wire } of cases) wire.delay(700)
      await sleep(STALLED_MS / 2)
      for (const { wire } of cases) {
        wire.cut()
        wire.delay(0)
      }
    },
  },
  {
    kind: 'login role changed',
    name: 'its password, connections cut',
    variants: [...FEW, ...RETRIES],
    inject: async (_house, cases) => {
      await each(({ role }) => `alter role ${role} password 'another'`)(cases)
      for (const { wire } of cases) wire.cut()
      await sleep(5_000)
      await each(({ role }) => `alter role ${role} password 'bench'`)(cases)
    },
  },
  {
    kind: 'login role changed',
    name: 'dropped for good',
    variants: [...FEW, ...RETRIES],
    inject: async (_house, cases) => {
      await each(({ role }) => `drop role ${role}`)(cases)
      await sleep(3_000)
    },
    allowed: { lost: true },
  },
  {
    kind: 'login role changed',
    name: 'no superuser any more',
    variants: [...FEW, ...RETRIES],
    inject: async (_house, cases) => {
      await each(({ role }) => `alter role ${role} nosuperuser`)(cases)
      await sleep(3_000)
    },
    allowed: { lost: true },
  },
  {
    kind: 'database dropped',
    name: 'with its sessions',
    variants: [...FEW, ...RETRIES],
    inject: async (_house, cases) => {
      await each(({ database }) => `drop database ${database} with (force)`)(cases)
      await sleep(3_000)
    },
    allowed: { lost: true, noObject: true },
  },
  {
    kind: 'statement_timeout of the role',
    name: 'set while runs are queued',
    variants: variants(undefined, ({ queue }) => queue === 'unclaimed'),
    workers: 0,
    inject: async (house, cases) => {
      await each(({ role }) => `alter role ${role} set statement_timeout = '300ms'`)(cases)
      house.main.startWorker()
      await sleep(5_000)
    },
  },
  {
    kind: 'backend killed with -9',
    name: 'the whole server recovers',
    variants: [...REBUILDS, ...OTHERS, variant('rebuild in place', 'building'), variant('refresh beside', 'running')],
    inject: async ({ monitored }, cases) => {
      const [first] = cases
      if (!first) return
      const { values, where } = theStatement(first)
      const [row] = await monitored.query<{ pid: number }>('postgres', `select pid from pg_stat_activity where ${where}`, values)
      if (!row) throw new Error('No backend')
      process.kill(row.pid, 'SIGKILL')
      await sleep(500)
      await until('the recovery', () =>
        monitored.query('postgres', 'select 1').then(
          () => true,
          () => false,
        ),
      )
    },
  },
  {
    kind: 'monitored server full of sessions',
    name: 'no connection left, connections cut',
    variants: FEW,
    setting: async (house) => {
      const server = await house.newServer(18, { max_connections: '40', superuser_reserved_connections: '1' })
      return { server, end: () => server.stop() }
    },
    inject: async (_house, cases) => {
      for (const { role, server } of cases) await server.query('postgres', `alter role ${role} connection limit 0`)
      for (const { role, server } of cases) await server.query('postgres', `alter role ${role} nosuperuser`)
      for (const { wire } of cases) wire.cut()
      await sleep(8_000)
      for (const { role, server } of cases) await server.query('postgres', `alter role ${role} superuser connection limit -1`)
    },
  },
]
