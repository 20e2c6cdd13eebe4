/** A choice that the dialog offers for a command. Its key is the input's; changing it plans again. */
export interface CommandOption {
  key: string
  /** As the SQL spells it. */
  label: string
  about: string
  /** One box for false and true, or a few choices with what each makes of the input. */
  choices?: { label: string; value: string | number | boolean | undefined }[]
  /** While this one is on, those keys mean nothing and are left out. */
  excludes?: string[]
  /** Offered only where this line of the preflight is; it is what the choice allows. */
  allows?: string
}

const CONCURRENTLY: CommandOption = {
  key: 'concurrently',
  label: 'CONCURRENTLY',
  about: 'slower, and readers and writers go on. Off: faster, and they wait.',
}

/** The manual's page of VACUUM; every one of these is in 14 and later. */
const VACUUM: CommandOption[] = [
  { key: 'analyze', label: 'ANALYZE', about: 'collects planner statistics, too.' },
  { key: 'freeze', label: 'FREEZE', about: 'freezes every row that it can; reads and writes more.' },
  {
    key: 'full',
    label: 'FULL',
    about: 'rewrites the table and gives its free space back; nobody reads or writes it meanwhile.',
    excludes: ['indexCleanup', 'truncate', 'parallel'],
  },
  {
    key: 'indexCleanup',
    label: 'INDEX_CLEANUP',
    about: 'removes index entries of dead rows',
    choices: [
      { label: 'auto', value: 'auto' },
      { label: 'on', value: 'on' },
      { label: 'off', value: 'off' },
    ],
  },
  {
    key: 'truncate',
    label: 'TRUNCATE',
    about: 'gives empty pages at the end back',
    choices: [
      { label: 'default', value: undefined },
      { label: 'on', value: true },
      { label: 'off', value: false },
    ],
  },
  {
    key: 'parallel',
    label: 'PARALLEL',
    about: 'workers for the indexes',
    choices: [
      { label: 'auto', value: undefined },
      { label: '0', value: 0 },
      { label: '2', value: 2 },
      { label: '4', value: 4 },
    ],
  },
]

/** DROP INDEX has its own plain form, and one stop that a person may take upon himself. */
const DROP: CommandOption[] = [
  {
    key: 'concurrently',
    label: 'CONCURRENTLY',
    about: 'waits for transactions that use the table; readers and writers go on. Off: they wait for a moment.',
  },
  {
    key: 'knowing',
    label: 'Although a foreign key needs it',
    about: 'deletes in the referenced table will read all of this one.',
    allows: 'foreign-key',
  },
]

/** REFRESH MATERIALIZED VIEW goes CONCURRENTLY where that is possible. */
const REFRESH: CommandOption[] = [
  {
    key: 'concurrently',
    label: 'CONCURRENTLY',
    about: 'readers go on; needs a unique index',
    choices: [
      { label: 'if possible', value: undefined },
      { label: 'on', value: true },
      { label: 'off', value: false },
    ],
  },
]

const OPTIONS: Record<string, CommandOption[]> = {
  'create-index': [CONCURRENTLY],
  'drop-index': DROP,
  'reindex-index': [CONCURRENTLY],
  'reindex-table': [CONCURRENTLY],
  'refresh-materialized-view': REFRESH,
  'vacuum-table': VACUUM,
}

export const optionsOf = (command: string): CommandOption[] => OPTIONS[command] ?? []

/** Whether an option of the command lets it go on although this line of the preflight stops it. */
export const isAllowable = (command: string, line: string): boolean => optionsOf(command).some(({ allows }) => allows === line)

/** The input after a choice: what the choice excludes goes back to its default. */
export function withChoice(command: string, chosen: Record<string, unknown>, key: string, value: unknown): Record<string, unknown> {
  const excluded = value === true ? (optionsOf(command).find((option) => option.key === key)?.excludes ?? []) : []
  const next = { ...chosen, [key]: value }
  for (const name of excluded) delete next[name]
  return next
}

const VERBS: Record<string, string> = {
  'reindex-index': 'Run rebuild',
  'reindex-table': 'Run rebuild',
  'vacuum-table': 'Run VACUUM',
  'analyze-table': 'Run ANALYZE',
  'drop-leftover-index': 'Drop leftover',
  'drop-index': 'Drop index',
  'restore-index': 'Bring it back',
  'create-index': 'Create index',
  'cancel-backend': 'Cancel statement',
  'terminate-backend': 'End session',
  'install-health-functions': 'Install functions',
  'refresh-materialized-view': 'Refresh view',
  'restart-server': 'Restart server',
  'reset-statistics': 'Reset statistics',
  'set-table-options': 'Change options',
  'change-settings': 'Change settings',
}

const isDrop = (command: string): boolean => command === 'drop-index' || command === 'drop-leftover-index'

/** What the button says. */
export function verbOf(commands: string[]): string {
  const verbs = new Set(commands.map((command) => VERBS[command] ?? 'Run'))
  const [verb] = verbs
  if (commands.length < 2) return verb ?? 'Run'
  if (verbs.size === 1 && verb === 'Run rebuild') return `Run ${commands.length} rebuilds`
  if (verbs.size === 1 && verb === 'Drop leftover') return `Drop ${commands.length} leftovers`
  return commands.every(isDrop) ? `Drop ${commands.length} indexes` : `Run all ${commands.length}`
}
