import { z } from 'zod'
import { type Place, targetOf } from '@/app/place'
import type { TuningAnswer } from '@/components/settings/configuration-params'
import { savedProfile } from '@/db/console/server-profiles'
import { profileSchema } from '@/db/domain/server-profile'
import { type SettingChange, settingChanges } from '@/db/history/events'
import { numberOf } from '@/db/history/range'
import { runThatWrote, settingRuns } from '@/db/history/setting-runs'
import { tuningFacts } from '@/db/history/tuning-facts'
import { ok, type Result } from '@/db/server/problem'
import type { Measured } from '@/db/settings/measured'
import { tuneServer } from '@/db/settings/tune-server'

const GB = 1024 ** 3
const { cpus, connections, storage, workload } = profileSchema.shape
const whole = <T extends z.ZodType>(schema: T) => z.preprocess((value) => (typeof value === 'string' ? Number(value) : value), schema)

/** What an address may say of the machine; RAM in GB. What is missing was saved, or is guessed. */
const chosenProfile = {
  ram: whole(z.number().min(0.5).max(65_536)).optional(),
  cpus: whole(cpus).optional(),
  connections: whole(connections).optional(),
  storage: storage.optional(),
  workload: workload.optional(),
}

const DAY_MS = 86_400_000
/** How far back changes of settings are shown. */
export const CHANGES_DAYS = 30

const MOST_OWN = 200

/** Values that somebody typed, by name, as JSON in an address: they are held against the server's own bounds when they are read. */
const ownTexts = z
  .string()
  .max(20_000)
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text)
    } catch {
      context.addIssue({ code: 'custom', message: 'own is no JSON' })
      return z.NEVER
    }
  })
  .pipe(
    z.record(z.string().max(100), z.string().max(200)).refine((own) => Object.keys(own).length <= MOST_OWN, 'own names too many settings'),
  )

/** What an address may say: of the machine, and of values of one's own. */
export const tuningParams = { ...chosenProfile, own: ownTexts.optional() }

/** What the settings should be: for the profile that was saved, and beside it for what an address says otherwise. */
export async function readTuning(
  place: Place,
  { own, ram, ...rest }: z.output<z.ZodObject<typeof tuningParams>>,
): Promise<Result<TuningAnswer>> {
  const target = await targetOf(place)
  if (!target.ok) return target
  const [facts, saved, runs] = await Promise.all([keptFacts(place.server), savedProfile(place.server), settingRuns(place.server)])
  const chosen = { ...saved?.profile, ...(ram === undefined ? {} : { ram: Math.round(ram * GB) }), ...rest }
  const tuning = await tuneServer(target.value, { profile: chosen, own }, facts)
  if (!tuning.ok) return tuning
  const byRun = tuning.value.settings.flatMap(({ name, current, setBy }) => {
    const by = setBy.isAuto ? runThatWrote(name, setBy.waiting ?? current, runs) : undefined
    return by ? [[name, { id: by.id, by: by.by }] as const] : []
  })
  return ok({ ...tuning.value, saved, byRun: Object.fromEntries(byRun) })
}

/** Facts move by the day, and are looked for in days of samples. */
const KEEP_MS = 60_000
const kept = new Map<string, { at: number; series: number | undefined; facts: Promise<Measured> }>()

async function keptFacts(server: string): Promise<Measured> {
  const series = await numberOf(server)
  const known = kept.get(server)
  if (known && known.series === series && performance.now() - known.at < KEEP_MS) return known.facts
  const facts = tuningFacts(server)
  kept.set(server, { at: performance.now(), series, facts })
  facts.catch(() => kept.delete(server))
  return facts
}

/** Changes that sampling saw, whoever made them. */
export async function readSettingChanges({ server }: Place): Promise<SettingChange[]> {
  const to = new Date()
  return settingChanges(server, { from: new Date(to.getTime() - CHANGES_DAYS * DAY_MS), to })
}
