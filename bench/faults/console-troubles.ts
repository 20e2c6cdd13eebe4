import { spawnSync } from 'node:child_process'
import { rm, statfs } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from './fault'
import { CONSOLE_ROLE, type House } from './house'
import { going, variants } from './works'

/** What the console database suffers as a whole. */

const READ_ONLY_MS = 30_000
const STOPPED_MS = 20_000
const FULL_MS = 15_000

const kind = (name: string) => ({ kind: `console database ${name}` })
const REBUILDS = variants(['rebuild'], going)
const OTHERS = variants(['drop', 'vacuum', 'vacuum full', 'refresh'], going)
const MIXED = [...REBUILDS, ...OTHERS]

const endSessions = ({ home, main }: House) =>
  home.query('postgres', 'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and usename = $2', [
    main.database,
    CONSOLE_ROLE,
  ])

async function readOnly(house: House, on: boolean): Promise<void> {
  await house.home.query('postgres', `alter system set default_transaction_read_only = ${on ? 'on' : 'off'}`)
  await house.home.query('postgres', 'select pg_reload_conf()')
}

/** For a while; the work ends in the middle of it, when nobody can write that down. */
const forAWhile =
  (ms: number, begin: (house: House) => Promise<unknown>, end: (house: House) => Promise<unknown>, ends = false): Fault['inject'] =>
  async (house, cases) => {
    await begin(house)
    await sleep(ms / 2)
    if (ends) await Promise.all(cases.map((one) => one.release()))
    await sleep(ms / 2)
    await end(house)
  }

const fill = async ({ home, smallDisk }: House): Promise<void> => {
  if (!smallDisk) throw new Error('Its disk is the whole machine’s: only root can give it a small one')
  spawnSync('dd', ['if=/dev/zero', `of=${filler(home)}`, 'bs=1M'], { stdio: 'ignore' })
  spawnSync('dd', ['if=/dev/zero', `of=${filler(home)}.rest`, 'bs=1k'], { stdio: 'ignore' })
  const { bavail } = await statfs(path.dirname(filler(home)))
  if (bavail > 0) throw new Error(`${bavail} blocks are free still`)
}

const filler = ({ dataDir }: House['home']) => path.join(dataDir, '..', 'filler')

const empty = async ({ home }: House): Promise<void> => {
  for (const file of [filler(home), `${filler(home)}.rest`]) await rm(file, { force: true })
  await home.revive() // full while WAL was written: it stopped in a panic
}

export const CONSOLE_TROUBLES: Fault[] = [
  {
    ...kind('without a connection left'),
    name: 'for 15 s',
    variants: MIXED,
    inject: forAWhile(
      15_000,
      async (house) => {
        await house.home.query('postgres', `alter role ${CONSOLE_ROLE} connection limit 0`)
        await endSessions(house)
      },
      ({ home }) => home.query('postgres', `alter role ${CONSOLE_ROLE} connection limit -1`),
      true,
    ),
  },
  {
    ...kind('read-only'),
    name: 'for 30 s',
    variants: MIXED,
    inject: forAWhile(
      READ_ONLY_MS,
      (house) => readOnly(house, true),
      (house) => readOnly(house, false),
    ),
  },
  {
    ...kind('read-only'),
    name: 'for 30 s, work ends meanwhile',
    variants: MIXED,
    inject: forAWhile(
      READ_ONLY_MS,
      (house) => readOnly(house, true),
      (house) => readOnly(house, false),
      true,
    ),
  },
  { ...kind('full'), name: 'for 15 s', variants: MIXED, inject: forAWhile(FULL_MS, fill, empty, true) },
  {
    ...kind('stopped (SIGSTOP)'),
    name: 'for 20 s',
    variants: MIXED,
    inject: forAWhile(
      STOPPED_MS,
      ({ home }) => home.freeze(),
      ({ home }) => home.thaw(),
    ),
  },
  {
    ...kind('stopped (SIGSTOP)'),
    name: 'for 20 s, work ends meanwhile',
    variants: MIXED,
    inject: async ({ home }, cases) => {
      await home.freeze()
      await sleep(STOPPED_MS / 2)
      // A window of the console cannot be opened now; what holds the runs at the server can.
      await Promise.all(cases.map((one) => one.release()))
      await sleep(STOPPED_MS / 2)
      await home.thaw()
    },
  },
  {
    ...kind('locked'),
    name: 'table of runs, for 20 s',
    variants: REBUILDS,
    inject: async ({ home, main }, cases) => {
      const client = await home.connect(main.database)
      await client.query('begin; lock table run in access exclusive mode')
      await Promise.all(cases.map((one) => one.release()))
      await sleep(20_000)
      await client.query('rollback')
      await client.end()
    },
  },
]
