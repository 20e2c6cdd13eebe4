import { spawnSync } from 'node:child_process'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import type { House } from '../faults/house'
import type { Building } from './building'

interface SoakFault {
  name: string
  inject: (house: House, building: Building) => Promise<unknown>
}

const commandOf = (pid: number) => spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).stdout

async function find({ launched }: Building, what: RegExp): Promise<number> {
  const pid = (await launched.family()).find((one) => what.test(commandOf(one)))
  if (pid === undefined) throw new Error(`no process ${what}`)
  return pid
}

const stopped = async (building: Building, what: RegExp, ms: number): Promise<void> => {
  const pid = await find(building, what)
  process.kill(pid, 'SIGSTOP')
  await sleep(ms)
  process.kill(pid, 'SIGCONT')
}

const onConsole = async ({ launched }: Building, ...statements: string[]): Promise<void> => {
  for (const sql of statements) await launched.console.query(sql)
}

/** One a minute, in this order, and from the beginning again. */
export const FAULTS: SoakFault[] = [
  { name: 'worker killed with -9', inject: async (_house, building) => process.kill(await find(building, /bin\/worker\.ts/), 'SIGKILL') },
  { name: 'connections to the monitored server cut', inject: async (_house, { wire }) => wire.cut() },
  { name: 'second worker killed and started again', inject: (_house, { restartSecond }) => restartSecond() },
  { name: 'monitored server restarted, immediate', inject: ({ monitored }) => monitored.restart('immediate', () => sleep(2_000)) },
  {
    name: 'console statements terminated',
    inject: (_house, building) =>
      onConsole(building, `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'proctor%'`),
  },
  { name: 'web process stopped for 10 s', inject: (_house, building) => stopped(building, /bin\/web\.ts/, 10_000) },
  {
    name: 'network swallowed for 15 s',
    inject: async (_house, { wire }) => {
      wire.stall()
      await sleep(15_000)
      wire.flow()
    },
  },
  {
    name: 'console database read-only for 10 s',
    inject: async (_house, building) => {
      await onConsole(building, 'alter system set default_transaction_read_only = on', 'select pg_reload_conf()')
      await sleep(10_000)
      await onConsole(building, 'set default_transaction_read_only = off', 'alter system reset default_transaction_read_only')
      await onConsole(building, 'select pg_reload_conf()')
    },
  },
  { name: 'worker stopped for 20 s', inject: (_house, building) => stopped(building, /bin\/worker\.ts/, 20_000) },
  {
    name: 'monitored server stopped for 10 s',
    inject: async ({ monitored }) => {
      await monitored.freeze()
      await sleep(10_000)
      await monitored.thaw()
    },
  },
  {
    name: "a run's session terminated",
    inject: ({ monitored }) =>
      monitored.query('postgres', `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'proctor run %'`),
  },
  {
    name: 'console database killed with -9',
    inject: async (_house, building) => process.kill(await find(building, /postgres.* -D /), 'SIGKILL'),
  },
]
