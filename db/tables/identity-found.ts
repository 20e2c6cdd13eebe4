import type { Finding, RelationFinding } from '../checks/define-check'
import type { Row } from '../server/define-read'
import { ok, type Result } from '../server/problem'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'
import { tableIdentity } from './reads/table-identity'

export type IdentityRow = Row<typeof tableIdentity>

/** A check on what names the rows of tables. */
export const ofIdentity =
  (find: (rows: IdentityRow[]) => RelationFinding[]) =>
  async (target: Target): Promise<Result<Finding[]>> => {
    const read = await runRead(target, tableIdentity, {})
    return read.ok ? ok(find(read.value)) : read
  }

/** What a finding about a table has in common; a partition is spoken of by its root. */
export const aboutTable = ({ root, root_schema, root_name, relid, schemaname, relname }: IdentityRow) =>
  ({
    kind: 'relation',
    what: 'table',
    schemaname: root_schema ?? schemaname,
    relname: root_name ?? relname,
    oid: root ?? relid,
    trust: { kind: 'exact' },
    fix: null,
  }) as const

/** Rows by what is counted now, or else by the last ANALYZE or VACUUM. */
export const rowsOf = ({ live, reltuples }: IdentityRow): number => Math.max(Number(live), reltuples)
