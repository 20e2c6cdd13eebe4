import type { Check } from '../../checks/define-check'
import { formatCount, formatFirst } from '../../domain/format'
import { identifier, qualified } from '../../server/identifiers'
import { aboutTable, ofIdentity } from '../identity-found'

/**
 * The publisher refuses such statements, subscriber or none. Silent where a publication sends INSERTs alone.
 * https://www.postgresql.org/docs/current/logical-replication-publication.html#LOGICAL-REPLICATION-PUBLICATION-REPLICA-IDENTITY
 */
export const replicaIdentityMissing: Check = {
  name: 'replica-identity-missing',
  about: 'Tables whose UPDATEs or DELETEs are published, and that have no replica identity: those statements fail',
  cadence: 'hour',
  look: ofIdentity((rows) => {
    const found = rows.filter(
      (row) => row.relkind === 'r' && row.relpersistence === 'p' && !row.has_identity && publishedWith(row, rows).length > 0,
    )
    return [...Map.groupBy(found, ({ root, relid }) => root ?? relid).values()].flatMap((same) => {
      const [row] = same
      if (!row) return []
      const subject = aboutTable(row)
      const name = qualified(subject.schemaname, subject.relname)
      const parts = row.root === null ? '' : ` ${formatCount(same.length, 'partition')} of it ${same.length === 1 ? 'has' : 'have'} none.`
      return [
        {
          ...subject,
          title: `${name} is published without a replica identity`,
          evidence: `UPDATE and DELETE on it fail at the publisher (55000), as ${formatFirst(publishedWith(row, rows))} sends them and nothing names the row.${parts} A primary key is the identity by itself; REPLICA IDENTITY FULL writes the whole old row to WAL.`,
          severity: 'bad' as const,
          sql:
            row.root === null && row.identity_index !== null
              ? `ALTER TABLE ${name} REPLICA IDENTITY USING INDEX ${identifier(row.identity_index)};`
              : null,
        },
      ]
    })
  }),
}

/** A partition is published with its root, too (publish_via_partition_root). */
function publishedWith(
  { published, root }: { published: string[]; root: number | null },
  rows: { relid: number; published: string[] }[],
): string[] {
  const ofRoot = root === null ? [] : (rows.find(({ relid }) => relid === root)?.published ?? [])
  return [...new Set([...published, ...ofRoot])].sort()
}
