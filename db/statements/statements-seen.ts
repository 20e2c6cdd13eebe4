import type { Row } from '../server/define-read'
import { grantRole } from '../server/grants'
import { literal } from '../server/identifiers'
import type { Problem } from '../server/problem'
import type { statementSettings } from './reads/statements'

/** Something that keeps statements from being seen, or from being seen whole. */
export interface StatementNotice {
  /** Kebab-case, to tell them apart. */
  kind: string
  /** none: nothing is seen. part: something is missing. info: worth knowing. */
  weight: 'none' | 'part' | 'info'
  text: string
  /** The exact statements that fix it; null where it takes more than SQL. */
  fix: string | null
}

/** What sampling or a look has seen beside the settings. */
interface StatementsSeen {
  /** Times that entries were thrown out, and within how many seconds; null where it is not known. */
  evictions: { times: number; seconds: number } | null
  /** Rows that the role may not see. */
  hidden: number
}

/** No text is seen, as one of them cannot be converted; numbers are whole. */
export const textsWithheld = ({ message, fix }: Problem): StatementNotice => ({
  kind: 'texts-withheld',
  weight: 'part',
  text: `${message}. Numbers are whole.`,
  fix: fix ?? null,
})

const RESTART = '-- then restart the server'
const RELOAD = 'SELECT pg_reload_conf();'

/** What stands between this server and a whole list of statements, the worst first. Words and fixes are of the manual, F.32. */
export function statementNotices(settings: Row<typeof statementSettings>, seen: StatementsSeen): StatementNotice[] {
  const { loaded, extversion, default_version, track, role } = settings
  const notices: StatementNotice[] = []
  const say = (kind: string, weight: StatementNotice['weight'], text: string, fix: string | null) =>
    notices.push({ kind, weight, text, fix })
  if (default_version === null && extversion === null) {
    const text = 'pg_stat_statements is not on this server: its files come with the contrib package of PostgreSQL.'
    return [{ kind: 'not-there', weight: 'none', text, fix: null }]
  }
  if (!loaded)
    say('not-preloaded', 'none', 'pg_stat_statements is not preloaded, so nothing is counted. It takes a restart.', preload(settings))
  if (extversion === null) {
    say('no-extension', 'none', 'The extension pg_stat_statements is not created in this database.', 'CREATE EXTENSION pg_stat_statements;')
  }
  if (!loaded || extversion === null) return notices
  if (track === 'none') {
    const fix = `ALTER SYSTEM SET pg_stat_statements.track = 'top';\n${RELOAD}`
    say('track-none', 'none', 'pg_stat_statements.track is none: no statement is counted.', fix)
  }
  if (settings.compute_query_id === 'off') {
    const text = 'compute_query_id is off: without identifiers pg_stat_statements counts nothing, unless another module computes them.'
    say('no-query-id', 'part', text, `ALTER SYSTEM SET compute_query_id = 'auto';\n${RELOAD}`)
  }
  if (!settings.sees_all) {
    const rows = seen.hidden > 0 ? ` ${seen.hidden} statements of others have neither text nor identifier and are left out.` : ''
    say('no-privilege', 'part', `${role} sees only its own statements.${rows}`, `${grantRole('pg_read_all_stats', settings).join(';\n')};`)
  }
  if (track === 'all' && isOlder(extversion, '1.9')) {
    const text = `pg_stat_statements.track is all, and version ${extversion} does not report which statements are nested: totals count their time more than once.`
    say('nested-untold', 'part', text, 'ALTER EXTENSION pg_stat_statements UPDATE;')
  }
  if (default_version !== null && isOlder(extversion, default_version)) {
    const text = `The extension is of version ${extversion}, the server brings ${default_version}: columns of the newer one are missing.`
    say('old-extension', 'part', text, 'ALTER EXTENSION pg_stat_statements UPDATE;')
  }
  if (seen.evictions && seen.evictions.times > 0) {
    const max = settings.max ?? 5000
    const text = `More than ${max} different statements: the least used were evicted ${times(seen.evictions.times)} within ${hours(seen.evictions.seconds)}. Evicted statements are counted from zero again.`
    say('evicting', 'part', text, `ALTER SYSTEM SET pg_stat_statements.max = ${max * 2};\n${RESTART}`)
  }
  if (!settings.track_io_timing) {
    const text = 'track_io_timing is off: times of block reads and writes are not known. pg_test_timing measures the overhead.'
    say('no-io-timing', 'info', text, `ALTER SYSTEM SET track_io_timing = on;\n${RELOAD}`)
  }
  if (settings.save === false) {
    const fix = `ALTER SYSTEM SET pg_stat_statements.save = on;\n${RELOAD}`
    say('not-saved', 'info', 'pg_stat_statements.save is off: a restart of the server discards all counts.', fix)
  }
  return notices
}

function preload({ shared_preload_libraries: now }: Row<typeof statementSettings>): string {
  // Who may not see it must not overwrite it.
  if (now === null) return `SHOW shared_preload_libraries;\n-- add pg_stat_statements to it, ${RESTART.slice(3)}`
  const libraries = [...now.split(',').map((name) => name.trim().replace(/^"(.*)"$/, '$1')), 'pg_stat_statements'].filter(Boolean)
  return `ALTER SYSTEM SET shared_preload_libraries = ${libraries.map(literal).join(', ')};\n${RESTART}`
}

const isOlder = (one: string, other: string): boolean => one.localeCompare(other, 'en', { numeric: true }) < 0
const times = (n: number): string => (n === 1 ? 'once' : `${n} times`)
const hours = (seconds: number): string =>
  seconds >= 2 * 86_400
    ? `${Math.round(seconds / 86_400)} days`
    : seconds >= 5_400
      ? `${Math.round(seconds / 3_600)} h`
      : `${Math.round(seconds / 60)} min`
