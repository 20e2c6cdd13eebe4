import { formatRam, type Profile } from '../domain/server-profile'
import { serverFacts } from '../server/facts'
import { ok, type Result } from '../server/problem'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'
import { type GuessedProfile, guessProfile, profileOf } from './guess-profile'
import type { Measured } from './measured'
import { type Format, framesOf, linesOf } from './outputs'
import { fileSettings, roleSettings, settings as settingsRead } from './reads/settings'
import { type TuningEvidence, tuningEvidence } from './reads/tuning-evidence'
import { ALSO_READ, type OwnTexts, type Recommendation, recommend, type Tuning } from './recommend'
import { PARAMETER_NAMES } from './registry'
import { isSame, type ServerSetting, settingOf } from './server-setting'
import { type FileLine, type OwnValue, type SetBy, setBy } from './set-by'
import { ALONE, type Surroundings } from './surroundings'

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

/** What somebody chose otherwise than the server and the formulas. */
export interface TuningChoice {
  profile?: Partial<Profile>
  /** Values by name, as they were typed. */
  own?: OwnTexts
  /** always: what the LMS guide says stands beside every setting, as scripts of the command line rely on; else in its own schema alone. */
  guide?: 'always'
}

/**
 * What a server's settings are and should be, for the profile that it seems to have, or that somebody chose. `known` is what
 * history knows of it. Errors: those of the reads; what only superusers may read is left out instead.
 */
export async function tuneServer(target: Target, chosen: TuningChoice, known: Measured = {}): Promise<Result<ServerTuning>> {
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
  const profile = profileOf(guessed, chosen.profile ?? {})
  const measured: Measured = { ...known, ...(seen?.data_bytes == null ? {} : { dataBytes: seen.data_bytes }) }
  const lines = new Map(files.ok ? files.value.map((line) => [line.name, line]) : [])
  const standing = rows.value.map((row) => withWritten(row, lines.get(row.name)))
  const { version, major } = facts.value
  const around = aroundOf(seen)
  const typed = chosen.own ?? {}
  const from = { version, major, rows: rows.value, standing, lines, own: own.value, typed, guessed, profile, measured, around }
  const tuning = tuned(from)
  // The LMS guide says nothing about a database that is not its own.
  return ok(
    seen?.is_lms || chosen.guide === 'always' ? tuning : { ...tuning, settings: tuning.settings.map((one) => ({ ...one, guide: null })) },
  )
}

/** All that recommendations rest on. `rows` as they hold, `standing` with what is written and waits. */
interface Known extends Pick<ServerTuning, 'version' | 'major' | 'guessed' | 'profile' | 'measured'> {
  rows: readonly ServerSetting[]
  standing: readonly ServerSetting[]
  lines: ReadonlyMap<string, FileLine>
  own: readonly OwnValue[]
  /** What somebody typed instead of a recommendation. */
  typed: OwnTexts
  around: Surroundings
}

/** The recommendations with who set the present values, and how they are written down. Pure. */
export function tuned({ version, major, rows, standing, lines, own, typed, guessed, profile, measured, around }: Known): ServerTuning {
  const { recommendations, budget } = recommend(standing, major, profile, measured, around, typed)
  const row = new Map(rows.map((one) => [one.name, one]))
  const settings = recommendations.flatMap((one) => {
    const of = row.get(one.name)
    if (!of) return []
    const written = one.own?.changes
      ? { ...one, value: one.own.text, order: one.own.order, why: `Your value. The recommendation is ${one.recommended}.` }
      : { ...one, value: one.recommended }
    return [{ ...one, setBy: setBy(of, lines.get(one.name), own), lines: linesOf(written, of) }]
  })
  const { ram, cpus, storage, workload, connections } = profile
  const heading = `PostgreSQL ${version}, ${formatRam(ram)}, ${cpus} CPU, ${storage}, ${workload}, ${connections} connections`
  return { version, major, heading, guessed, profile, settings, budget, measured, frames: framesOf([heading]) }
}

/**
 * A setting with what is written of it. Where the server has not taken that yet, it counts as set, and is no change any more. Where a
 * read of the console sets it for itself, the server does not tell where the other value comes from, and the files do.
 */
function withWritten(row: ServerSetting, line: FileLine | undefined): ServerSetting {
  if (line?.applied && (row.source === 'session' || row.source === 'client'))
    return { ...row, source: 'configuration file', sourcefile: line.sourcefile, sourceline: line.sourceline }
  const fromFiles = ['default', 'configuration file', 'override', 'dynamic default'].includes(row.source)
  if (!line || line.setting === null || line.error !== null || !fromFiles) return row
  const waiting = settingOf(line.setting, row)
  const taken = waiting === null || isSame(waiting, row.setting) || (row.name === 'wal_buffers' && waiting === '-1')
  return taken ? row : { ...row, waiting }
}

function aroundOf(seen: TuningEvidence | undefined): Surroundings {
  if (!seen) return ALONE
  return { inRecovery: seen.in_recovery, standbys: seen.standbys, extensionWorkers: seen.extension_workers, databases: seen.databases }
}
