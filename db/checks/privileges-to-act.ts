import type { Privileges } from '../reads/privileges'
import { identifier } from '../server/identifiers'
import { grantRole, has, line, type PrivilegeLine, type Server } from './privilege-line'

const MAINTENANCE = ['reindex-index', 'reindex-table', 'vacuum-table', 'analyze-table', 'refresh-materialized-view']
const OWNERS = ['create-index', 'drop-index', 'drop-leftover-index', 'restore-index', 'set-table-options']

export function maintenance(found: Privileges, server: Server): PrivilegeLine {
  const { tables, not_maintained: owners, owns_database: ownsDatabase } = found
  const missing = sum(owners)
  const about = { name: 'maintenance', title: 'REINDEX, VACUUM, ANALYZE and REFRESH', panels: [], commands: MAINTENANCE }
  if (missing === 0) return line({ ...about, status: 'fine', detail: `Allowed on all ${tables} tables.` })
  const status = missing === tables ? 'missing' : 'degraded'
  const refused = `Refused on ${missing} of ${tables} tables, ${owners[0]?.example} among them.`
  if (server.major >= 17) return line({ ...about, status, detail: refused, mend: grantRole('pg_maintain', found, server) })
  const vacuum = ownsDatabase ? ' VACUUM and ANALYZE are allowed to the owner of the database.' : ''
  const before17 = ' Before PostgreSQL 17 only the owner may.'
  return line({ ...about, status, detail: refused + before17 + vacuum + superuserWords(owners), mend: grantOwners(owners, found, server) })
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
    mend: grantOwners(owners, found, server),
  })
}

type Owners = Privileges['not_owned']

const sum = (owners: Owners): number => owners.reduce((total, { tables }) => total + tables, 0)

/** Membership in a superuser would be everything: it is never proposed. */
function grantOwners(owners: Owners, found: Privileges, server: Server): string[] | null {
  const plain = owners.filter(({ superuser }) => !superuser).flatMap(({ owner }) => grantRole(owner, found, server))
  return plain.length > 0 ? [...new Set(plain)] : null
}

function superuserWords(owners: Owners): string {
  const tables = sum(owners.filter(({ superuser }) => superuser))
  if (tables === 0) return ''
  return ` ${tables} of them belong to a superuser: give them an owner that is none (ALTER TABLE … OWNER TO), and grant that one.`
}

export function signals(found: Privileges, server: Server): PrivilegeLine {
  const may = has(found, 'pg_signal_backend')
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
    commands: ['cancel-backend', 'terminate-backend'],
    mend: may ? null : grantRole('pg_signal_backend', found, server),
  })
}

/** ALTER SYSTEM can be granted by parameter from 15 on (manual, GRANT); before, it is for superusers. */
export function changes({ closed_parameters: closed, may_reload: mayReload, role }: Privileges, server: Server): PrivilegeLine {
  const about = { name: 'changing-settings', title: 'Changing settings', panels: [], commands: ['change-settings'] }
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
    mend: server.major >= 15 ? grants : null,
  })
}

export function resets({ closed_resets: closed, role }: Privileges): PrivilegeLine {
  return line({
    name: 'resetting-statistics',
    title: 'Resetting statistics',
    status: closed.length === 0 ? 'fine' : 'missing',
    detail: closed.length === 0 ? 'Allowed.' : 'Refused; nothing else needs it.',
    panels: [],
    commands: ['reset-statistics'],
    mend: closed.length === 0 ? null : closed.map((routine) => `GRANT EXECUTE ON FUNCTION ${routine} TO ${identifier(role)}`),
  })
}

export function healthFunctions(found: Privileges): PrivilegeLine {
  const may = found.may_create_in_public
  return line({
    name: 'health-functions',
    title: 'Installing the health functions',
    status: may ? 'fine' : 'missing',
    detail: may ? 'May create functions in public.' : 'Refused in schema public. Their answers are there without installing them, too.',
    panels: [],
    commands: ['install-health-functions'],
    mend: may ? null : [`GRANT CREATE ON SCHEMA public TO ${identifier(found.role)}`],
  })
}
