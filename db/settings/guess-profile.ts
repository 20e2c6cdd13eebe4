import { type Profile, profileSchema, type Storage } from '../domain/server-profile'
import { GB, MB } from '../domain/setting-units'
import { runsHere } from '../server/runs-here'
import { type Machine, storageOf, thisMachine } from './machine'
import { enough, formatWindow, type Measured } from './measured'
import { amountOf, type ServerSetting } from './server-setting'

/** A value of the profile that nobody chose, and how it was come by. */
export interface Guessed<T> {
  value: T
  from: string
  /** Not known, only likely. */
  guess: boolean
}
export type GuessedProfile = { [K in keyof Profile]: Guessed<Profile[K]> }

/** What the guess rests on. */
export interface Seen {
  host: string
  settings: readonly ServerSetting[]
  /** Client sessions now. */
  sessions: number
  /** Seconds since 1970. */
  postmasterStart: number
  peak?: Measured['peak']
}

/** A profile from what a server shows of itself, and from this machine where the server runs on it. */
export async function guessProfile(seen: Seen): Promise<GuessedProfile> {
  const value = (name: string): number | null => {
    const row = seen.settings.find((setting) => setting.name === name)
    return row ? amountOf(row) : null
  }
  const folder = seen.settings.find(({ name }) => name === 'data_directory')?.setting
  const here = folder !== undefined && folder !== '' && (await runsHere(folder, seen.postmasterStart))
  const likely = ['localhost', '127.0.0.1', '::1'].includes(seen.host) || seen.host.startsWith('/')
  const machine = here || likely ? withinBounds(thisMachine()) : null
  const from = here ? 'of this machine, where it runs' : 'of this machine, as its address is here'
  const buffers = value('shared_buffers') ?? 0
  const cost = value('random_page_cost') ?? 4
  const disk = here && folder ? await storageOf(folder) : null
  return {
    ram: machine
      ? { value: machine.ram, from, guess: !here }
      : buffers > 128 * MB
        ? { value: withinBounds({ ram: buffers * 4, cpus: 1 }).ram, from: 'four times shared_buffers', guess: true }
        : { value: 4 * GB, from: 'assumed: the server does not tell', guess: true },
    cpus: machine ? { value: machine.cpus, from, guess: !here } : { value: 4, from: 'assumed: the server does not tell', guess: true },
    storage: disk
      ? { value: disk, from: 'says the kernel of its data directory', guess: false }
      : {
          ...(cost < 2
            ? { value: 'ssd' as Storage, from: `as random_page_cost is ${cost}` }
            : { value: 'ssd' as Storage, from: 'assumed' }),
          guess: true,
        },
    workload: { value: 'lms', from: 'assumed', guess: true },
    connections: connectionsOf(seen, value('max_connections') ?? 100),
  }
}

/** Half as many again as were ever seen, in tens; else what the server allows now. */
function connectionsOf({ peak, sessions }: Seen, most: number): Guessed<number> {
  const bounded = (count: number) => Math.min(10_000, Math.max(5, count))
  const seen = enough(peak)
  if (seen)
    return {
      value: bounded(Math.max(20, Math.ceil((seen.connections * 1.5) / 10) * 10)),
      from: `peak ${seen.connections} in ${formatWindow(seen.window.seconds)}, and half again`,
      guess: false,
    }
  return { value: bounded(most), from: `max_connections; ${sessions} open now`, guess: true }
}

/** A machine of the size that a profile may have. */
const withinBounds = ({ ram, cpus }: Machine): Machine => ({
  ram: Math.min(Math.max(Math.round(ram), 512 * MB), profileSchema.shape.ram.maxValue ?? Number.MAX_SAFE_INTEGER),
  cpus: Math.min(Math.max(cpus, 1), 1024),
})

/** The profile itself, with what somebody chose in place of the guess. */
export function profileOf(guessed: GuessedProfile, chosen: Partial<Profile>): Profile {
  return {
    ram: chosen.ram ?? guessed.ram.value,
    cpus: chosen.cpus ?? guessed.cpus.value,
    storage: chosen.storage ?? guessed.storage.value,
    workload: chosen.workload ?? guessed.workload.value,
    connections: chosen.connections ?? guessed.connections.value,
  }
}
