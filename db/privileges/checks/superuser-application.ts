import type { Check } from '../../checks/define-check'
import { formatAge, formatCount } from '../../domain/format'
import { ok } from '../../server/problem'
import { runRead } from '../../server/run-read'
import { superuserSessions } from '../reads/superuser-sessions'

/** Our own choice: a script of an administrator is through by then, a pool of an application keeps its sessions. */
const LONG_SECONDS = 900

/** By the names that they give themselves: clients in which a person works, dumps, base backups, and what watches or manages servers. */
const TOOLS =
  /^(psql|pg_dump|pg_dumpall|pg_restore|pg_basebackup|pg_receivewal|pg_upgrade|vacuumdb|reindexdb|pgbackrest|barman|wal-g|patroni|repmgr|pg_auto_failover|pgadmin|dbeaver|datagrip|navicat|beekeeper|postico|tableplus|azure data studio|check_postgres|postgres_exporter|datadog|pganalyze|pgwatch|powa|pghero|temboard|cnpg|cloudnativepg)/i

/**
 * A fault in such an application is a fault of the whole server: it reads every file, and runs programs (COPY … PROGRAM). Silent about tools by their name,
 * about Unix-domain sockets, and about what has just come.
 */
export const superuserApplicationAfter = (seconds: number): Check => ({
  name: 'superuser-application',
  about: 'An application is connected as a superuser for more than 15 minutes: nothing on the server is out of its reach',
  cadence: 'minute',
  scope: 'server',
  look: async (target) => {
    const read = await runRead(target, superuserSessions, {})
    if (!read.ok) return read
    return ok(
      read.value
        .filter(({ application_name: name, seconds: open }) => open >= seconds && !TOOLS.test(name))
        .map(({ usename, application_name: name, client_addr: address, sessions, seconds: open }) => ({
          kind: 'server',
          name: `${name || 'no name'}, ${usename} from ${address}`,
          title: `${name || 'An application without a name'} is connected as superuser ${usename}`,
          evidence: `${formatCount(sessions, 'session')} from ${address}, the oldest for ${formatAge(open)} (threshold ${formatAge(seconds)}). A superuser passes every privilege and row security, reads files of the server and runs programs on it. Give the application a role of its own that has what it needs. Tools are told apart by application_name.`,
          trust: { kind: 'exact' },
          severity: 'warn',
          fix: null,
          sql: null,
        })),
    )
  },
})

export const superuserApplication = superuserApplicationAfter(LONG_SECONDS)
