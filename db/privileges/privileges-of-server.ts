import { dropReplicationSlotRequest } from '../commands/drop-replication-slot/request'
import { makeCheckpointRequest } from '../commands/make-checkpoint/request'
import { updateExtensionRequest } from '../commands/update-extension/request'
import { grantRole } from '../server/grants'
import { identifier } from '../server/identifiers'
import { has, line, type PrivilegeLine, type Server } from './privilege-line'
import { grantOwners, sum } from './privileges-to-act'
import type { Privileges } from './reads/privileges'

/** No GRANT gives REPLICATION, which is an attribute of the role (manual, CREATE ROLE). */
export function slots({ is_superuser: isSuperuser, rolreplication: may, role }: Privileges): PrivilegeLine {
  const fine = isSuperuser || may
  return line({
    name: 'replication-slots',
    title: 'Dropping replication slots',
    status: fine ? 'fine' : 'missing',
    detail: fine ? 'Allowed.' : "Refused. REPLICATION also lets the role read all of the cluster's WAL.",
    panels: [],
    commands: [dropReplicationSlotRequest.command],
    fix: fine ? null : [`ALTER ROLE ${identifier(role)} REPLICATION`],
  })
}

export function checkpoints(found: Privileges, server: Server): PrivilegeLine {
  const may = found.is_superuser || has(found, 'pg_checkpoint')
  return line({
    name: 'checkpoints',
    title: 'Making checkpoints',
    status: may ? 'fine' : 'missing',
    detail: may ? 'Allowed.' : server.major < 15 ? 'Refused: before PostgreSQL 15 it is for superusers.' : 'Refused.',
    panels: [],
    commands: [makeCheckpointRequest.command],
    fix: may || server.major < 15 ? null : grantRole('pg_checkpoint', server),
  })
}

/** ALTER EXTENSION asks for ownership; what is not trusted for a superuser, too (manual, 36.17.1). */
export function extensionUpdates({ installed, not_updated: owners }: Privileges, server: Server): PrivilegeLine {
  const missing = sum(owners)
  const about = { name: 'extension-updates', title: 'Updating extensions', panels: [], commands: [updateExtensionRequest.command] }
  if (missing === 0)
    return line({ ...about, status: 'fine', detail: installed === 0 ? 'None is installed.' : `Allowed for all ${installed}.` })
  const ofSuperusers = sum(owners.filter(({ superuser }) => superuser))
  return line({
    ...about,
    status: missing === installed ? 'missing' : 'degraded',
    detail: `Refused for ${missing} of ${installed}, ${owners[0]?.example} among them.${ofSuperusers === 0 ? '' : ` ${ofSuperusers} only a superuser may update.`}`,
    fix: grantOwners(owners, server, []),
  })
}
