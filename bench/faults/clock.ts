import { existsSync } from 'node:fs'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { installFromDebian } from '../../bin/debian'
import type { Fault } from './fault'
import type { House } from './house'
import { going, type Stage, variant, variants } from './works'

/** Clocks that are set while runs go on, by libfaketime: what a process reads changes, its timers do not. */

const LIBRARY = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1'
const MOVED_MS = 10_000

const STAGES = [
  ...variants(['rebuild', 'drop', 'vacuum full'], going),
  variant('vacuum full', 'between tries'),
  variant('drop in place', 'between tries'),
]
const QUEUED = variants(['rebuild', 'setting'], ({ queue }: Stage) => queue === 'unclaimed' || queue === 'window')

const fileOf = ({ folder }: House) => path.join(folder, 'clock')

const setClock = (house: House, offset: string) => writeFile(fileOf(house), offset)

/** What a worker has to be started with. Errors: throws where there is no libfaketime, and none can be installed. */
async function faked(house: House): Promise<Record<string, string>> {
  if (!existsSync(LIBRARY)) installFromDebian('faketime')
  if (!existsSync(LIBRARY)) throw new Error('No libfaketime: install the package faketime')
  await setClock(house, '+0')
  await chmod(fileOf(house), 0o644)
  return {
    LD_PRELOAD: LIBRARY,
    FAKETIME_TIMESTAMP_FILE: fileOf(house),
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    FAKETIME_DONT_RESET: '1',
  }
}

const moved =
  (offset: string): Fault['inject'] =>
  async (house, cases) => {
    if (house.main.workers.size === 0) house.main.startWorker(await faked(house))
    await setClock(house, offset)
    await sleep(MOVED_MS)
    await Promise.all(cases.map((one) => one.release()))
    await sleep(MOVED_MS / 2)
  }

export const CLOCK: Fault[] = (['+2h', '-2h'] as const).flatMap((offset): Fault[] => [
  { kind: 'clock of the worker (libfaketime)', name: offset, variants: STAGES, environment: faked, inject: moved(offset) },
  {
    kind: 'clock of the worker (libfaketime)',
    name: `${offset}, before the claim`,
    variants: QUEUED,
    workers: 0,
    inject: moved(offset),
  },
])

/** The same for the server of the console database, which is started anew under it. */
export const CONSOLE_CLOCK: Fault[] = (['+2h', '-2h'] as const).map((offset) => ({
  kind: 'clock of the console database (libfaketime)',
  name: offset,
  variants: [...STAGES, ...QUEUED.filter(({ stage }) => stage.queue === 'window')],
  inject: async (house, cases) => {
    await house.home.under(await faked(house), await binFolder(house))
    await setClock(house, offset)
    await sleep(MOVED_MS)
    await Promise.all(cases.map((one) => one.release()))
    await sleep(MOVED_MS / 2)
    await setClock(house, '+0')
  },
}))

/** For the wrapper that starts the server in an environment of ours. */
async function binFolder({ folder }: House): Promise<string> {
  const bin = path.join(folder, 'faked')
  await mkdir(bin, { recursive: true, mode: 0o755 })
  return bin
}
