import { z } from 'zod'
import { type Place, targetOf } from '@/app/place'
import { connectionSeries } from '@/db/console/history/activity'
import { type SettingChange, settingChanges } from '@/db/console/history/events'
import type { Result } from '@/db/target/problem'
import type { Measured } from '@/db/tuning/measured'
import { profileSchema } from '@/db/tuning/profile'
import { type ServerTuning, tuneServer } from '@/db/tuning/tune-server'
import { inWords } from '@/db/tuning/units'

const GB = 1024 ** 3
const { cpus, connections, storage, workload } = profileSchema.shape
const whole = <T extends z.ZodType>(schema: T) => z.preprocess((value) => (typeof value === 'string' ? Number(value) : value), schema)

/** What an address may say of the machine; RAM in GB. What is missing is guessed. */
export const chosenProfile = {
  ram: whole(z.number().min(0.5).max(65_536)).optional(),
  cpus: whole(cpus).optional(),
  connections: whole(connections).optional(),
  storage: storage.optional(),
  workload: workload.optional(),
}
export type ChosenProfile = z.output<z.ZodObject<typeof chosenProfile>>

const DAY_MS = 86_400_000
/** How far back the peak of sessions is looked for, and changes of settings. */
const PEAK_DAYS = 7
export const CHANGES_DAYS = 30

export async function readTuning(place: Place, { ram, ...rest }: ChosenProfile): Promise<Result<ServerTuning>> {
  const target = await targetOf(place)
  if (!target.ok) return target
  const peak = await peakOf(place.server)
  return tuneServer(target.value, { ...(ram === undefined ? {} : { ram: Math.round(ram * GB) }), ...rest }, peak)
}

/** The most sessions that sampling saw at once, and since when it looks. */
async function peakOf(server: string): Promise<Measured['peak']> {
  const to = new Date()
  const { points } = await connectionSeries(server, { from: new Date(to.getTime() - PEAK_DAYS * DAY_MS), to })
  const [first] = points
  if (!first) return undefined
  return { connections: Math.max(...points.map(({ peak }) => peak)), seconds: (to.getTime() - first.at) / 1000 }
}

/** Changes that sampling saw, in PostgreSQL's own units. */
export async function readSettingChanges({ server }: Place): Promise<SettingChange[]> {
  const to = new Date()
  const changes = await settingChanges(server, { from: new Date(to.getTime() - CHANGES_DAYS * DAY_MS), to })
  const say = (value: string | null, unit: string | null) => (value === null ? null : inWords(value, unit))
  return changes.map((change) => ({ ...change, old: say(change.old, change.unit), new: say(change.new, change.unit), unit: null }))
}
