import { isSame, type ServerSetting, settingOf } from './server-setting'

/** What the configuration files say of a setting: the line that counts. */
export interface FileLine {
  name: string
  setting: string | null
  sourcefile: string
  sourceline: number
  applied: boolean
  error: string | null
  auto: string | null
}

/** A value that a role or a database has of its own. */
export interface OwnValue {
  name: string
  setting: string
  datname: string | null
  rolname: string | null
}

/** Who set a setting, in words, and what stands in the way of the server's own value. */
export interface SetBy {
  /** built-in default; ALTER SYSTEM; postgresql.conf:130; command line; role app in lms. */
  words: string
  /** It comes from postgresql.auto.conf, which ALTER SYSTEM writes, or its line there waits. */
  isAuto: boolean
  /** The whole path, where it is known. */
  file: string | null
  /** What the files say and the server does not have yet, or refuses. */
  waiting: string | null
  /** role app; database lms; role app in lms. Their sessions do not see a change of the server's value. */
  overriddenFor: string[]
  /** A value from the command line wins over every file. */
  fixed: boolean
}

const AUTO = /(^|[\\/])postgresql\.auto\.conf$/

/** line is undefined where nothing is written, and where this role may not read pg_file_settings. */
export function setBy(row: ServerSetting, line: FileLine | undefined, own: readonly OwnValue[]): SetBy {
  const file = row.sourcefile ?? line?.sourcefile ?? null
  const owners = own.filter(({ name }) => name === row.name)
  return {
    words: wordsFor(row, line, file, owners),
    isAuto: AUTO.test((row.pending_restart ? line?.sourcefile : null) ?? file ?? ''),
    file: file && `${file}:${row.sourceline ?? line?.sourceline}`,
    waiting: line?.setting && (row.pending_restart || line.error) ? line.setting : null,
    overriddenFor: owners.map(ownerOf),
    fixed: row.source === 'command line' || row.source === 'environment variable',
  }
}

function wordsFor(row: ServerSetting, line: FileLine | undefined, file: string | null, owners: OwnValue[]): string {
  const { source, sourceline } = row
  const isOfSource = OWN[source]
  if (isOfSource) {
    // Which of several roles or databases this session has is told by the value.
    const found = owners.filter(isOfSource)
    const same = found.find(({ setting }) => isSame(settingOf(setting, row) ?? '', row.setting))
    const owner = same ?? found[0]
    return owner ? ownerOf(owner) : source
  }
  // A read of the console sets this one for itself: where the value comes from, the files say.
  const written = source === 'configuration file' || ((source === 'session' || source === 'client') && line !== undefined)
  if (written) {
    if (file === null) return 'a configuration file'
    return AUTO.test(file) ? 'ALTER SYSTEM' : `${file.split(/[\\/]/).at(-1)}:${sourceline ?? line?.sourceline}`
  }
  return ['default', 'override', 'dynamic default', 'session', 'client'].includes(source) ? 'built-in default' : source
}

/** Whose value it is, by pg_settings.source. */
const OWN: Record<string, (own: OwnValue) => boolean> = {
  database: ({ datname, rolname }) => datname !== null && rolname === null,
  user: ({ datname, rolname }) => datname === null && rolname !== null,
  'database user': ({ datname, rolname }) => datname !== null && rolname !== null,
  global: ({ datname, rolname }) => datname === null && rolname === null,
}

const ownerOf = ({ datname, rolname }: OwnValue): string =>
  [rolname && `role ${rolname}`, datname && (rolname ? `in ${datname}` : `database ${datname}`)].filter(Boolean).join(' ') || 'all roles'
