import { fileSettings, roleSettings, settings as settingsRead } from '../reads/settings'
import { tuningEvidence } from '../reads/tuning-evidence'
import { serverFacts } from '../server/facts'
import { ok, type Result } from '../server/problem'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'
import { type GuessedProfile, guessProfile, profileOf } from './guess-profile'
import type { Measured } from './measured'
import { type Format, framesOf, linesOf } from './outputs'
import { type Profile, sayRam } from './profile'
import { ALSO_READ, type Recommendation, recommend, type Tuning } from './recommend'
import { PARAMETER_NAMES } from './registry'
import { settingOf } from './server-setting'
import { type SetBy, setBy } from './set-by'

/** A recommendation with where the present value comes from, and how it is written down. */
export type TunedSetting = Recommendation & { setBy: SetBy; lines: Record<Format, string> }

export interface ServerTuning {
  version: string
  /** Server and profile in one line. */
  heading: string
  major: number
  guessed: GuessedProfile
  profile: Profile
  settings: TunedSetting[]
  budget: Tuning['budget']
  measured: Measured
  /** What stands around the lines of the settings that are copied. */
  frames: ReturnType<typeof framesOf>
}

/**
 * What a server's settings are and should be, for the profile that it seems to have, or that somebody chose. `known` is what
 * history knows of it. Errors: those of the reads; what only superusers may read is left out instead.
 */
export async function tuneServer(target: Target, chosen: Partial<Profile>, known: Measured = {}): Promise<Result<ServerTuning>> {
  const names = { names: [...PARAMETER_NAMES, ...ALSO_READ] }
  const facts = await serverFacts(target)
  if (!facts.ok) return facts
  const [rows, files, own, evidence] = await Promise.all([
    runRead(target, settingsRead, names),
    runRead(target, fileSettings, names),
    runRead(target, roleSettings, names),
    runRead(target, tuningEvidence, {}),
  ])
  if (!rows.ok) return rows
  if (!own.ok) return own
  if (!evidence.ok) return evidence
  const [seen] = evidence.value
  const guessed = await guessProfile({
    host: target.host,
    settings: rows.value,
    sessions: seen?.sessions ?? 0,
    postmasterStart: seen?.postmaster_start ?? 0,
    peak: known.peak,
  })
  const profile = profileOf(guessed, chosen)
  const measured: Measured = { ...known, ...(seen?.data_bytes == null ? {} : { dataBytes: seen.data_bytes }) }
  const { recommendations, budget } = recommend(rows.value, facts.value.major, profile, measured)
  const lines = new Map(files.ok ? files.value.map((line) => [line.name, line]) : [])
  const row = new Map(rows.value.map((one) => [one.name, one]))
  const settings = recommendations.flatMap((one) => {
    const of = row.get(one.name)
    if (!of) return []
    const by = setBy(of, lines.get(one.name), own.value)
    // What is written already, and only waits for the restart, is no change any more.
    const waits = by.waiting !== null && settingOf(by.waiting, of) === settingOf(one.recommended, of)
    return [{ ...one, changes: one.changes && !waits, setBy: by, lines: linesOf({ ...one, value: one.recommended }, of) }]
  })
  const { version, major } = facts.value
  const { ram, cpus, storage, workload, connections } = profile
  const heading = `PostgreSQL ${version}, ${sayRam(ram)}, ${cpus} CPU, ${storage}, ${workload}, ${connections} connections`
  return ok({ version, major, heading, guessed, profile, settings, budget, measured, frames: framesOf(heading) })
}
