import { analyzeDatabaseRequest } from '../commands/analyze-database/request'
import { analyzeTableRequest } from '../commands/analyze-table/request'
import { attachIndexPartitionRequest } from '../commands/attach-index-partition/request'
import { attachPartitionRequest } from '../commands/attach-partition/request'
import { changeSettingsRequest } from '../commands/change-settings/request'
import { createIndexRequest } from '../commands/create-index/request'
import { createMaterializedViewRequest } from '../commands/create-materialized-view/request'
import { detachPartitionRequest } from '../commands/detach-partition/request'
import { dropIndexRequest } from '../commands/drop-index/request'
import { dropLeftoverIndexRequest } from '../commands/drop-leftover-index/request'
import { installHealthFunctionsRequest } from '../commands/install-health-functions/request'
import { refreshCollationRequest } from '../commands/refresh-collation/request'
import { refreshMaterializedViewRequest } from '../commands/refresh-materialized-view/request'
import { reindexIndexRequest } from '../commands/reindex-index/request'
import { reindexTableRequest } from '../commands/reindex-table/request'
import { resetStatisticsRequest } from '../commands/reset-statistics/request'
import { restoreIndexRequest } from '../commands/restore-index/request'
import { setStatisticsTargetRequest } from '../commands/set-statistics-target/request'
import { setTableOptionsRequest } from '../commands/set-table-options/request'
import { cancelBackendRequest, terminateBackendRequest } from '../commands/signal/request'
import { vacuumDatabaseRequest } from '../commands/vacuum-database/request'
import { vacuumTableRequest } from '../commands/vacuum-table/request'
import { grant, grantRole } from '../server/grants'
import { identifier } from '../server/identifiers'
import { has, line, type PrivilegeLine, type Server } from './privilege-line'
import type { Privileges } from './reads/privileges'

const MAINTENANCE = [
  reindexIndexRequest,
  reindexTableRequest,
  vacuumTableRequest,
  analyzeTableRequest,
  refreshMaterializedViewRequest,
  analyzeDatabaseRequest,
  vacuumDatabaseRequest,
].map(({ command }) => command)
const OWNERS = [
  attachIndexPartitionRequest,
  attachPartitionRequest,
  detachPartitionRequest,
  createIndexRequest,
  createMaterializedViewRequest,
  dropIndexRequest,
  dropLeftoverIndexRequest,
  restoreIndexRequest,
  setTableOptionsRequest,
  setStatisticsTargetRequest,
].map(({ command }) => command)

export function maintenance(found: Privileges, server: Server): PrivilegeLine {
  const { tables, not_maintained: owners, owns_database: ownsDatabase } = found
  const missing = sum(owners)
  const about = { name: 'maintenance', title: 'REINDEX, VACUUM, ANALYZE and REFRESH', panels: [], commands: MAINTENANCE }
  if (missing === 0) return line({ ...about, status: 'fine', detail: `Allowed on all ${tables} tables.` })
  const status = missing === tables ? 'missing' : 'degraded'
  const refused = `Refused on ${missing} of ${tables} tables, ${owners[0]?.example} among them.`
  if (server.major >= 17) return line({ ...about, status, detail: refused, fix: maintainAll(found, server) })
  const vacuum = ownsDatabase ? ' VACUUM and ANALYZE are allowed to the owner of the database.' : ''
  const before17 = ' Before PostgreSQL 17 only the owner may.'
  return line({
    ...about,
    status,
    detail: refused + before17 + vacuum + superuserWords(owners),
    fix: grantOwners(owners, server, schemas(found.closed_schemas, 'USAGE', server)),
  })
}

export function ownership(found: Privileges, server: Server): PrivilegeLine {
  const { tables, not_owned: owners } = found
  const missing = sum(owners)
  const about = { name: 'ownership', title: 'Creating and dropping indexes, options of tables', panels: [], commands: OWNERS }
  if (missing === 0) return line({ ...about, status: 'fine', detail: `Allowed on all ${tables} tables.` })
  return line({
    ...about,
    status: missing === tables ? 'missing' : 'degraded',
    detail: `Refused on ${missing} of ${tables} tables: only the owner may.${superuserWords(owners)}`,
    fix: grantOwners(owners, server, [
      ...schemas(found.closed_schemas, 'USAGE', server),
      ...schemas(found.uncreatable_schemas, 'CREATE', server),
    ]),
  })
}

/** ALTER COLLATION and ALTER DATABASE … REFRESH ask for ownership; no GRANT of a privilege does. */
export function refreshes({ collations, not_refreshed: refused }: Privileges, server: Server): PrivilegeLine {
  const owners = refused.map(({ collations: tables, ...owner }) => ({ ...owner, tables, acted: false }))
  const missing = sum(owners)
  const about = { name: 'collations', title: 'Refreshing collations', panels: [], commands: [refreshCollationRequest.command] }
  if (collations === 0) return line({ ...about, status: 'fine', detail: 'No index uses a collation that has a version.' })
  if (missing === 0) return line({ ...about, status: 'fine', detail: `Allowed on all ${collations} used by indexes.` })
  const ofSuperusers = sum(owners.filter(({ superuser }) => superuser))
  const superusers = ofSuperusers === 0 ? '' : ` ${ofSuperusers} of them belong to a superuser, so only a superuser may.`
  return line({
    ...about,
    status: missing === collations ? 'missing' : 'degraded',
    detail: `Refused on ${missing} of ${collations} used by indexes, ${owners[0]?.example} among them: only the owner may.${superusers}`,
    fix: grantOwners(owners, server, []),
  })
}

type Owners = Privileges['not_owned']

export const sum = (owners: Owners): number => owners.reduce((total, { tables }) => total + tables, 0)

/** MAINTAIN on everything gives no USAGE on the schemas that the tables are in. */
function maintainAll(found: Privileges, server: Server): string[] {
  const role = has(found, 'pg_maintain') ? [] : grantRole('pg_maintain', server)
  return [...role, ...found.closed_schemas.map(({ name }) => grant(`USAGE ON SCHEMA ${identifier(name)}`, server))]
}

/** Membership in a superuser would be everything: it is never proposed. `beside`: what the owners do not have themselves. */
export function grantOwners(owners: Owners, server: Server, beside: string[]): string[] | null {
  const plain = owners.filter(({ superuser, acted }) => !superuser && !acted).flatMap(({ owner }) => grantRole(owner, server))
  const all = [...new Set([...plain, ...beside])]
  return all.length > 0 ? all : null
}

/** Privileges on schemas that membership in the owners of their tables does not bring. */
const schemas = (closed: Privileges['closed_schemas'], privilege: string, server: Server): string[] =>
  closed.filter(({ even_owner: even }) => even).map(({ name }) => grant(`${privilege} ON SCHEMA ${identifier(name)}`, server))

function superuserWords(owners: Owners): string {
  const tables = sum(owners.filter(({ superuser }) => superuser))
  if (tables === 0) return ''
  return ` ${tables} of them belong to a superuser: give them an owner that is none (ALTER TABLE … OWNER TO), and grant that one.`
}

/** A session is told from a later one of the same pid by its start, which only pg_read_all_stats shows of others. */
export function signals(found: Privileges, server: Server): PrivilegeLine {
  const missing = ['pg_read_all_stats', 'pg_signal_backend'].filter((role) => !has(found, role))
  const may = missing.length === 0
  return line({
    name: 'signals',
    title: 'Cancelling and ending sessions of other roles',
    status: may ? 'fine' : 'missing',
    detail: may
      ? found.is_superuser
        ? 'Allowed.'
        : "Allowed, but for a superuser's sessions."
      : 'Refused; runs of the console itself can be cancelled.',
    panels: ['Runs: end what is waited for'],
    commands: [cancelBackendRequest.command, terminateBackendRequest.command],
    fix: may ? null : [...new Set(missing.flatMap((role) => grantRole(role, server)))],
  })
}

/** ALTER SYSTEM can be granted by parameter from 15 on (manual, GRANT); before, it is for superusers. */
export function changes({ closed_parameters: closed, may_reload: mayReload, role }: Privileges, server: Server): PrivilegeLine {
  const about = { name: 'changing-settings', title: 'Changing settings', panels: [], commands: [changeSettingsRequest.command] }
  if (closed.length === 0 && mayReload) return line({ ...about, status: 'fine', detail: 'May set and reload all that are recommended.' })
  const to = identifier(role)
  const grants = [
    ...(closed.length > 0 ? [`GRANT ALTER SYSTEM ON PARAMETER ${closed.map(identifier).join(', ')} TO ${to}`] : []),
    ...(mayReload ? [] : [`GRANT EXECUTE ON FUNCTION pg_reload_conf() TO ${to}`]),
  ]
  return line({
    ...about,
    status: 'missing',
    detail:
      server.major >= 15
        ? 'Refused; the script can be copied.'
        : 'Refused: before PostgreSQL 15 it is for superusers. The script can be copied.',
    fix: server.major >= 15 ? grants : null,
  })
}

export function resets({ closed_resets: closed, extensions }: Privileges, server: Server): PrivilegeLine {
  const statements = extensions.find(({ name }) => name === 'pg_stat_statements')
  const reach = statements?.installed && !statements.may_use_schema ? [`USAGE ON SCHEMA ${identifier(statements.schema ?? 'public')}`] : []
  // What is reset is read before, for what would be lost.
  const missing = [...reach, ...(statements?.closed ?? []), ...closed.map((routine) => `EXECUTE ON FUNCTION ${routine}`)]
  return line({
    name: 'resetting-statistics',
    title: 'Resetting statistics',
    status: missing.length === 0 ? 'fine' : 'missing',
    detail: missing.length === 0 ? 'Allowed.' : 'Refused; nothing else needs it.',
    panels: [],
    commands: [resetStatisticsRequest.command],
    fix: missing.length === 0 ? null : missing.map((what) => grant(what, server)),
  })
}

export function healthFunctions(found: Privileges, server: Server): PrivilegeLine {
  const missing = [!found.may_use_public && 'USAGE', !found.may_create_in_public && 'CREATE'].filter((one) => one !== false)
  const may = missing.length === 0
  return line({
    name: 'health-functions',
    title: 'Installing the health functions',
    status: may ? 'fine' : 'missing',
    detail: may ? 'May create functions in public.' : 'Refused in schema public. Their results are available without installing them, too.',
    panels: [],
    commands: [installHealthFunctionsRequest.command],
    fix: may ? null : [grant(`${missing.join(', ')} ON SCHEMA public`, server)],
  })
}
