import { installStatisticsHelperRequest } from '../commands/install-statistics-helper/request'
import { grant, grantRole } from '../server/grants'
import { identifier } from '../server/identifiers'
import { has, line, type PrivilegeLine, type Server } from './privilege-line'
import type { Privileges } from './reads/privileges'

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
    fix: may ? null : grantRole('pg_monitor', server),
  })
}

export function whichCluster({ closed_identity: closed, role }: Privileges, server: Server): PrivilegeLine {
  return line({
    name: 'which-cluster',
    title: 'Which cluster this is',
    status: closed.length === 0 ? 'fine' : 'degraded',
    detail:
      closed.length === 0
        ? 'The system identifier is read before anything is run.'
        : `${role} may not read the system identifier: it would go unnoticed if the address led to another cluster.`,
    panels: ['Every run: that it is carried out where it was confirmed for', 'Charts: a history of its own for each cluster'],
    commands: [],
    fix: closed.length === 0 ? null : closed.map((what) => grant(what, server)),
  })
}

export function settings(found: Privileges, server: Server): PrivilegeLine {
  const may = has(found, 'pg_read_all_settings')
  return line({
    name: 'all-settings',
    title: 'Settings that are not for everybody',
    status: may ? 'fine' : 'degraded',
    detail: may ? 'Seen in full.' : 'data_directory, shared_preload_libraries and others are hidden: free disk cannot be checked.',
    panels: ['Preflight: free disk', 'Configuration: settings that are for superusers'],
    commands: [],
    fix: may ? null : grantRole('pg_monitor', server),
  })
}

const extension = ({ extensions }: Privileges, name: string) => extensions.find((one) => one.name === name)

const NOT_ON_SERVER = 'its files are not on the server: install the contrib package of PostgreSQL there first.'

export function exactBloat(found: Privileges, server: Server): PrivilegeLine {
  const about = { name: 'exact-bloat', title: 'Exact bloat of an index (pgstattuple)', panels: ['Indexes: exact bloat'], commands: [] }
  const pgstattuple = extension(found, 'pgstattuple')
  if (pgstattuple?.installed && pgstattuple.may_use_schema && pgstattuple.closed.length === 0)
    return line({ ...about, status: 'fine', detail: 'pgstatindex may be called.' })
  if (!pgstattuple?.available) return line({ ...about, status: 'degraded', detail: `pgstattuple: ${NOT_ON_SERVER}` })
  const reach = reachOf(pgstattuple, server)
  const role = has(found, 'pg_stat_scan_tables') ? [] : grantRole('pg_stat_scan_tables', server)
  if (!pgstattuple.installed) {
    const detail = 'The extension is not installed in this database; the estimate is used instead.'
    return line({ ...about, status: 'degraded', detail, fix: ['CREATE EXTENSION pgstattuple', ...reach, ...role] })
  }
  const { closed, by_scan: byScan } = pgstattuple
  const viaRole = role.length > 0 && byScan.length > 0
  // EXECUTE may have been taken from pg_stat_scan_tables by hand.
  const rest = viaRole ? closed.filter((what) => !byScan.includes(what)) : closed
  const detail = `${found.role} may not call pgstatindex; the estimate is used instead.`
  return line({
    ...about,
    status: 'degraded',
    detail,
    fix: [...reach, ...(viaRole ? role : []), ...rest.map((what) => grant(what, server))],
  })
}

/** USAGE on the schema that an extension is in, or will be where nobody says another. */
const reachOf = ({ may_use_schema: may, schema }: Privileges['extensions'][number], server: Server): string[] =>
  may ? [] : [grant(`USAGE ON SCHEMA ${identifier(schema ?? 'public')}`, server)]

/** The functions of pageinspect ask for a superuser themselves, whatever was granted (contrib/pageinspect). */
export function pageSample(found: Privileges): PrivilegeLine {
  const about = {
    name: 'page-sample',
    title: 'Bloat from a sample of pages (pageinspect)',
    panels: ['Indexes: measured bloat'],
    commands: [],
  }
  if (!found.is_superuser) {
    const detail = 'Only a superuser may read pages, and no GRANT changes that. pgstatindex and the estimate are used instead.'
    return line({ ...about, status: 'degraded', detail })
  }
  const pageinspect = extension(found, 'pageinspect')
  if (pageinspect?.installed) return line({ ...about, status: 'fine', detail: 'Pages can be read.' })
  if (!pageinspect?.available) return line({ ...about, status: 'degraded', detail: `pageinspect: ${NOT_ON_SERVER}` })
  const detail = 'The extension is not installed in this database; the estimate is used instead.'
  return line({ ...about, status: 'degraded', detail, fix: ['CREATE EXTENSION pageinspect'] })
}

/** pg_stats shows a row only to whoever may SELECT the column; pg_monitor does not help (manual, 53.28). */
export function columnStatistics(found: Privileges, server: Server): PrivilegeLine {
  const { unreadable, row_security: secured, tables, role } = found
  const fix = [
    ...(unreadable > 0 ? grantRole('pg_read_all_data', server) : []),
    ...(secured > 0 ? [`ALTER ROLE ${identifier(role)} BYPASSRLS`] : []),
  ]
  const hidden = Math.max(unreadable, secured)
  return line({
    name: 'column-statistics',
    title: 'Column statistics (pg_stats)',
    status: hidden > 0 ? 'degraded' : 'fine',
    detail:
      hidden > 0
        ? `Those of ${hidden} of ${tables} tables are hidden, so their bloat is not estimated. The grant also lets the role read the tables themselves.`
        : 'Seen for every table.',
    panels: ['Indexes: estimated bloat'],
    // It hands out what its owner sees.
    commands: [installStatisticsHelperRequest.command],
    fix: fix.length > 0 ? fix : null,
  })
}

export function queryStatistics(found: Privileges, server: Server): PrivilegeLine {
  const about = {
    name: 'query-statistics',
    title: 'Query statistics (pg_stat_statements)',
    panels: ['Queries', 'Overview: statements that got slower, or spill'],
    commands: [],
  }
  const statements = extension(found, 'pg_stat_statements')
  const rest = (statements?.closed ?? []).map((what) => grant(what, server))
  const missing = statements?.available
    ? [...(statements.installed ? [] : ['CREATE EXTENSION pg_stat_statements']), ...reachOf(statements, server), ...rest]
    : []
  if (statements?.installed && missing.length === 0 && found.statements_loaded)
    return line({ ...about, status: 'fine', detail: 'Loaded and installed.' })
  if (!statements?.available) return line({ ...about, status: 'missing', detail: `pg_stat_statements: ${NOT_ON_SERVER}` })
  if (found.statements_loaded) {
    const detail = statements.installed
      ? `${found.role} may not use its schema, or what is in it.`
      : 'Loaded, but not installed in this database.'
    return line({ ...about, status: 'missing', detail, fix: missing })
  }
  const loaded = found.shared_preload_libraries
  const detail = 'shared_preload_libraries does not name it, so nothing is counted.'
  if (loaded === null) {
    const unseen = `${detail} What it names now is hidden from ${found.role}: grant pg_monitor first, then look here again.`
    return line({ ...about, status: 'missing', detail: unseen })
  }
  const libraries = [...loaded.split(',').map((name) => name.trim()), 'pg_stat_statements'].filter(Boolean).map(library)
  const preload = `ALTER SYSTEM SET shared_preload_libraries = ${libraries.join(', ')}`
  return line({ ...about, status: 'missing', detail, fix: [preload, ...missing], restart: true })
}

/** An item of a list setting: as it is where it is a plain name, else in quotes. */
const library = (name: string): string => `'${name.replaceAll(/^"|"$/g, '').replaceAll("'", "''")}'`
