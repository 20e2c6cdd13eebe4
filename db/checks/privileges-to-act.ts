import type { Privileges } from '../reads/privileges'
import { identifier } from '../target/identifiers'
import { grantRole, has, line, type PrivilegeLine, type Server } from './privilege-line'

const MAINTENANCE = ['reindex-index', 'reindex-table', 'vacuum-table', 'analyze-table']

export function maintenance(found: Privileges, server: Server): PrivilegeLine {
  const { tables, not_maintained: owners, owns_database: ownsDatabase } = found
  const missing = sum(owners)
  const about = { name: 'maintenance', title: 'REINDEX, VACUUM and ANALYZE', panels: [], commands: MAINTENANCE }
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
  const about = { name: 'ownership', title: 'Dropping an index', panels: [], commands: ['drop-leftover-index'] }
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
    commands: [],
    mend: may ? null : grantRole('pg_signal_backend', found, server),
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
