import { DatabaseError } from 'pg'
import { z } from 'zod'
import { identifier } from './identifiers'
import { parseRow } from './parse-rows'
import type { ExpectedCluster } from './target'

/** Which cluster a server is, and where in its history it stands. */
export interface ClusterIdentity {
  /** Made by initdb and never changed: two clusters have two (manual, 9.27, pg_control_system). A copy of a data directory keeps it. */
  systemIdentifier: string
  /** Raised by each promotion, and by each recovery to a point in time. */
  timeline: number
  /** A standby, or one that has not come to the end of its WAL. */
  inRecovery: boolean
  /** 18.4, as the server says it. */
  version: string
}

/** What the identity is read with; both are everybody's unless somebody revoked them. */
const FUNCTIONS = ['pg_catalog.pg_control_system()', 'pg_catalog.pg_control_checkpoint()']

/**
 * After a fast promotion the control file tells the former timeline until the next checkpoint, so a primary is asked what it writes to:
 * the first eight digits of a WAL file's name are the timeline. A standby writes nothing.
 */
const CLUSTER = /* sql */ `
select /* proctor:cluster */ system_identifier::text as system_identifier, pg_is_in_recovery() as in_recovery,
       current_setting('server_version') as version,
       case when pg_is_in_recovery() then (select timeline_id from pg_control_checkpoint())
            else ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int end as timeline
  from pg_control_system()`

const clusterRow = z.object({ system_identifier: z.string(), timeline: z.number(), in_recovery: z.boolean(), version: z.string() })

/** The address leads to another cluster than the one that was meant. */
export class AnotherCluster extends Error {
  readonly expected: string
  readonly found: ClusterIdentity

  constructor(expected: string, found: ClusterIdentity) {
    super(
      `The address leads to another cluster: system identifier ${found.systemIdentifier} (PostgreSQL ${found.version}) answers in place of ${expected}.`,
    )
    this.expected = expected
    this.found = found
  }
}

/** Which cluster answers cannot be told, so nobody may go on as if it were the one that was meant. */
export class ClusterUnknown extends Error {
  readonly fix: string

  constructor(role: string, cause: unknown) {
    super('Whether the address still leads to the same cluster is not known: the role may not read the system identifier.', { cause })
    this.fix = grantToKnow(role)
  }
}

/** The GRANT that lets a role read which cluster it is on. */
export const grantToKnow = (role: string): string => `GRANT EXECUTE ON FUNCTION ${FUNCTIONS.join(', ')} TO ${identifier(role)}`

type AskRows = (text: string) => Promise<{ rows: unknown[] }>

/** Which cluster answers, asked in a transaction whose names are pinned. Throws what node-postgres throws; that ends the transaction. */
export async function readCluster(ask: AskRows): Promise<ClusterIdentity> {
  const { rows } = await ask(CLUSTER)
  const { system_identifier: systemIdentifier, in_recovery: inRecovery, timeline, version } = parseRow(clusterRow, rows[0])
  return { systemIdentifier, timeline, inRecovery, version }
}

/**
 * The same, and nothing goes on where it is another than expected: throws AnotherCluster, ClusterUnknown where the role may not know,
 * and what node-postgres throws.
 */
export async function expectCluster(ask: AskRows, expected: ExpectedCluster, role: string): Promise<ClusterIdentity> {
  const found = await readCluster(ask).catch((error) => {
    throw isWithheld(error) ? new ClusterUnknown(role, error) : error
  })
  if (found.systemIdentifier !== expected.systemIdentifier) throw new AnotherCluster(expected.systemIdentifier, found)
  return found
}

/** The functions are revoked from this role, or what answers only resembles PostgreSQL and has none. */
export const isWithheld = (error: unknown): boolean => error instanceof DatabaseError && (error.code === '42501' || error.code === '42883')
