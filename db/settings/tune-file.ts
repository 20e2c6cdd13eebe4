import type { Profile } from '../domain/server-profile'
import { type ConfLine, parseConf } from './conf-file'
import { guessProfile, profileOf } from './guess-profile'
import { BY_BUILD, knownSettings } from './known-settings'
import { ALSO_READ } from './recommend'
import { type ServerSetting, settingOf } from './server-setting'
import { ALONE } from './surroundings'
import { type ServerTuning, tuned } from './tune-server'

export interface FileTuning extends ServerTuning {
  /** What only a server could tell, and what of the file was not taken; a sentence each. */
  notKnown: string[]
}

const ONLY_A_SERVER_KNOWS = [
  'What ALTER SYSTEM, the command line, roles and databases set, and whether the file has been loaded, only the server knows: give --url to take it in.',
  'Load, size of the data, standbys and workers of extensions are not known: formulas alone speak, and this counts as a primary without standbys.',
]

/** What a postgresql.conf says and should say on a server of this major, by the rules of tuneServer. `path` as it was given. */
export async function tuneFile(text: string, path: string, major: number, chosen: Partial<Profile>): Promise<FileTuning> {
  const { lines, includes, refused } = parseConf(text)
  const known = knownSettings(major)
  const rows = known.map((row) => withLine(row, lines.get(row.name), path))
  const ofExtensions = ALSO_READ.filter((name) => name.includes('.')).flatMap((name) => extensionRow(lines.get(name), path))
  const wrong = known.flatMap((row) => wrongLine(row, lines.get(row.name)))
  const guessed = await guessProfile({ host: '', settings: rows, sessions: 0, postmasterStart: 0 })
  const connections = { ...guessed.connections, from: 'max_connections' }
  const all = [...rows, ...ofExtensions]
  const profile = profileOf(guessed, chosen)
  const from = {
    version: String(major),
    major,
    rows: all,
    standing: all,
    lines: new Map(),
    own: [],
    typed: {},
    profile,
    measured: {},
    around: ALONE,
  }
  const notKnown = [
    ...ONLY_A_SERVER_KNOWS,
    ...(includes.length > 0 ? [`Not read: ${includes.join(', ')}.`] : []),
    ...(refused.length > 0 ? [`The server would refuse line ${refused.join(', ')}.`] : []),
    ...wrong,
  ]
  return { ...tuned({ ...from, guessed: { ...guessed, connections } }), notKnown }
}

function withLine(row: ServerSetting, written: ConfLine | undefined, path: string): ServerSetting {
  const setting = written && writtenValue(written, row)
  if (!written || setting === null || setting === undefined) return row
  return { ...row, setting, source: 'configuration file', sourcefile: path, sourceline: written.line }
}

function wrongLine(row: ServerSetting, written: ConfLine | undefined): string[] {
  if (!written || writtenValue(written, row) !== null) return []
  return [`Not understood, and counted as not set: ${row.name} = '${written.value}' in line ${written.line}.`]
}

/** In the form of pg_settings.setting; null: not understood. Of a choice that only some builds have, the file tells that this one does. */
function writtenValue({ value }: ConfLine, row: ServerSetting): string | null {
  const more = row.vartype === 'enum' ? (BY_BUILD[row.name] ?? []) : []
  return settingOf(value, { ...row, enumvals: row.enumvals && [...row.enumvals, ...more] })
}

/** A setting of an extension, which has no row before it is loaded. */
function extensionRow(written: ConfLine | undefined, path: string): ServerSetting[] {
  if (!written) return []
  const { name, value, line } = written
  const none = { unit: null, min_val: null, max_val: null, enumvals: null, boot_val: null }
  const from = { source: 'configuration file', sourcefile: path, sourceline: line, pending_restart: false }
  return [{ name, setting: value, vartype: 'string', context: 'postmaster', ...none, ...from }]
}
