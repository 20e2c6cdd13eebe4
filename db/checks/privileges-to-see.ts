import type { Privileges } from '../reads/privileges'
import { identifier } from '../server/identifiers'
import { grantRole, has, line, type PrivilegeLine, type Server } from './privilege-line'

export function otherSessions(found: Privileges, server: Server): PrivilegeLine {
  const may = has(found, 'pg_read_all_stats')
  return line({
    name: 'sessions-of-others',
    title: 'Sessions and queries of other roles',
    status: may ? 'fine' : 'degraded',
    detail: may
      ? 'Seen in full.'
      : 'State, statement, wait events and the age of their transactions are hidden in pg_stat_activity, text and identifier of their statements in pg_stat_statements.',
    panels: [
      'Activity: state, statement and wait of a session',
      'Activity: blocking',
      'Activity: since when a session holds the xmin horizon',
      'Activity: wait events and connections over time',
      'Queries: the list, its chart and changes hold the own statements only',
      'Queries: waits and examples in the drawer',
      'Overview: findings about sessions and statements',
      'Preflight: long transactions',
      'Runs: who is waited for',
      'Sizes of all databases',
    ],
    commands: [],
    mend: may ? null : grantRole('pg_monitor', found, server),
  })
}

export function settings(found: Privileges, server: Server): PrivilegeLine {
  const may = has(found, 'pg_read_all_settings')
  return line({
    name: 'all-settings',
    title: 'Settings that are not for everybody',
    status: may ? 'fine' : 'degraded',
    detail: may ? 'Seen in full.' : 'data_directory, shared_preload_libraries and others are hidden: free disk cannot be looked for.',
    panels: ['Preflight: free disk', 'Configuration: settings that are for superusers'],
    commands: [],
    mend: may ? null : grantRole('pg_monitor', found, server),
  })
}

const extension = ({ extensions }: Privileges, name: string) => extensions.find((one) => one.name === name)

const NOT_ON_SERVER = 'its files are not on the server: install the contrib package of PostgreSQL there first.'

export function exactBloat(found: Privileges, server: Server): PrivilegeLine {
  const about = { name: 'exact-bloat', title: 'Exact bloat of an index (pgstattuple)', panels: ['Indexes: exact bloat'], commands: [] }
  const pgstattuple = extension(found, 'pgstattuple')
  if (pgstattuple?.usable) return line({ ...about, status: 'fine', detail: 'pgstatindex may be called.' })
  if (!pgstattuple?.available) return line({ ...about, status: 'degraded', detail: `pgstattuple: ${NOT_ON_SERVER}` })
  const grant = has(found, 'pg_stat_scan_tables') ? [] : grantRole('pg_stat_scan_tables', found, server)
  if (!pgstattuple.installed) {
    const detail = 'The extension is not installed in this database; the estimate stands in.'
    return line({ ...about, status: 'degraded', detail, mend: ['CREATE EXTENSION pgstattuple', ...grant] })
  }
  const usage = `GRANT USAGE ON SCHEMA ${identifier(pgstattuple.schema ?? 'public')} TO ${identifier(found.role)}`
  const detail = `${found.role} may not call pgstatindex; the estimate stands in.`
  return line({ ...about, status: 'degraded', detail, mend: grant.length > 0 ? [usage, ...grant] : [usage, executeOn(found)] })
}

/** Where EXECUTE was taken from pg_stat_scan_tables by hand. */
const executeOn = (found: Privileges): string =>
  `GRANT EXECUTE ON FUNCTION ${identifier(extension(found, 'pgstattuple')?.schema ?? 'public')}.pgstatindex(regclass) TO ${identifier(found.role)}`

/** The functions of pageinspect ask for a superuser themselves, whatever was granted (contrib/pageinspect). */
export function pageSample(found: Privileges): PrivilegeLine {
  const about = {
    name: 'page-sample',
    title: 'Bloat from a sample of pages (pageinspect)',
    panels: ['Indexes: measured bloat'],
    commands: [],
  }
  if (!found.is_superuser) {
    const detail = 'Only a superuser may look at pages, and no GRANT changes that. pgstatindex and the estimate stand in.'
    return line({ ...about, status: 'degraded', detail })
  }
  const pageinspect = extension(found, 'pageinspect')
  if (pageinspect?.installed) return line({ ...about, status: 'fine', detail: 'Pages may be looked at.' })
  if (!pageinspect?.available) return line({ ...about, status: 'degraded', detail: `pageinspect: ${NOT_ON_SERVER}` })
  const detail = 'The extension is not installed in this database; the estimate stands in.'
  return line({ ...about, status: 'degraded', detail, mend: ['CREATE EXTENSION pageinspect'] })
}

/** pg_stats shows a row only to whoever may SELECT the column; pg_monitor does not help (manual, 53.28). */
export function columnStatistics(found: Privileges, server: Server): PrivilegeLine {
  const { unreadable, row_security: secured, tables, role } = found
  const mend = [
    ...(unreadable > 0 ? grantRole('pg_read_all_data', found, server) : []),
    ...(secured > 0 ? [`ALTER ROLE ${identifier(role)} BYPASSRLS`] : []),
  ]
  const hidden = Math.max(unreadable, secured)
  return line({
    name: 'column-statistics',
    title: 'Column statistics (pg_stats)',
    status: hidden > 0 ? 'degraded' : 'fine',
    detail:
      hidden > 0
        ? `Those of ${hidden} of ${tables} tables are hidden, and with them the estimate of bloat. The grant lets the role read the tables themselves, too.`
        : 'Seen for every table.',
    panels: ['Indexes: estimated bloat'],
    commands: [],
    mend: mend.length > 0 ? mend : null,
  })
}

export function queryStatistics(found: Privileges): PrivilegeLine {
  const about = {
    name: 'query-statistics',
    title: 'Query statistics (pg_stat_statements)',
    panels: ['Queries', 'Overview: statements that got slower, or spill'],
    commands: [],
  }
  const statements = extension(found, 'pg_stat_statements')
  if (statements?.usable && found.statements_loaded) return line({ ...about, status: 'fine', detail: 'Loaded and installed.' })
  if (!statements?.available) return line({ ...about, status: 'missing', detail: `pg_stat_statements: ${NOT_ON_SERVER}` })
  const create = statements.installed ? [] : ['CREATE EXTENSION pg_stat_statements']
  const usage = `GRANT USAGE ON SCHEMA ${identifier(statements.schema ?? 'public')} TO ${identifier(found.role)}`
  if (found.statements_loaded) {
    const detail = statements.installed ? `${found.role} may not use its schema.` : 'Loaded, but not installed in this database.'
    return line({ ...about, status: 'missing', detail, mend: statements.installed ? [usage] : create })
  }
  const loaded = found.shared_preload_libraries
  const detail = 'shared_preload_libraries does not name it, so nothing is counted.'
  if (loaded === null) {
    const unseen = `${detail} What it names now is hidden from ${found.role}: grant pg_monitor first, then look here again.`
    return line({ ...about, status: 'missing', detail: unseen })
  }
  const libraries = [...loaded.split(',').map((name) => name.trim()), 'pg_stat_statements'].filter(Boolean).map(library)
  const preload = `ALTER SYSTEM SET shared_preload_libraries = ${libraries.join(', ')}`
  return line({ ...about, status: 'missing', detail, mend: [preload, ...create], restart: true })
}

/** An item of a list setting: as it is where it is a plain name, else in quotes. */
const library = (name: string): string => `'${name.replaceAll(/^"|"$/g, '').replaceAll("'", "''")}'`
