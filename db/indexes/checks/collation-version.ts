import type { Check, Finding } from '../../checks/define-check'
import { refreshCollationRequest } from '../../commands/refresh-collation/request'
import { formatCount, formatMoment } from '../../domain/format'
import type { Row } from '../../server/define-read'
import { identifier, qualified } from '../../server/identifiers'
import { ok } from '../../server/problem'
import { runRead } from '../../server/run-read'
import { reindexIndexSql } from '../index-statements'
import { collationVersions } from '../reads/collation-versions'

type Mismatch = Row<typeof collationVersions>

/** Names in a sentence; the statements hold all of them. */
const NAMED = 10

/** https://www.postgresql.org/docs/current/sql-altercollation.html, Notes: rebuild what rests on it, then write the new version down. */
export const collationVersion: Check = {
  name: 'collation-version',
  about:
    'Collations whose library version changed since their indexes were built: searches may miss rows, and unique indexes may admit duplicates',
  look: async (target) => {
    const read = await runRead(target, collationVersions, {})
    if (!read.ok) return read
    const used = read.value.filter(restsOn)
    const free = read.value.filter((row) => !restsOn(row))
    return ok([...used.map(finding), ...(free.length > 0 ? [unused(free)] : [])])
  },
}

const restsOn = ({ indexes, partitioned }: Mismatch): boolean => indexes.length > 0 || partitioned.length > 0

function finding(row: Mismatch): Finding {
  const { indexes, partitioned, stored, actual } = row
  const names = indexes.map(({ schemaname, indexrelname }) => qualified(schemaname, indexrelname))
  const unique = indexes.filter(({ indisunique, exclusion }) => indisunique || exclusion).length
  return {
    ...about(row),
    title: `Collation ${spoken(row)} is ${actual} in the library, ${stored} when its indexes were built`,
    evidence: [
      `${indexes.length} ${indexes.length === 1 ? 'index is' : 'indexes are'} built on it${names.length > 0 ? `: ${some(names)}` : ''}.`,
      sinceWords(row),
      'Where the order changed, searches miss rows that are there.',
      ...(unique > 0
        ? [`${unique} of them unique: they may have admitted duplicates, on which the rebuild fails until those rows are fixed.`]
        : []),
      ...(partitioned.length > 0
        ? [`Partitions of ${some(partitioned)} are separated by it: check for rows in the wrong partition before REFRESH.`]
        : []),
      ...standbyWords(row),
    ].join(' '),
    severity: 'bad',
    fix: fixOf([row]),
    sql: row.in_recovery ? null : [...indexes.map(reindexIndexSql), refreshSql(row)].join('\n'),
  }
}

function unused(rows: Mismatch[]): Finding {
  const [first] = rows as [Mismatch]
  return {
    ...about(first),
    name: rows.length === 1 ? spoken(first) : null,
    title: `${formatCount(rows.length, 'collation')} with another version than the library, used by no index`,
    evidence: [
      `${some(rows.map(spoken))}.`,
      sinceWords(first),
      'Nothing has to be rebuilt; PostgreSQL warns on each use until REFRESH.',
      ...standbyWords(first),
    ].join(' '),
    severity: 'info',
    fix: fixOf(rows),
    sql: first.in_recovery ? null : rows.map(refreshSql).join('\n'),
  }
}

const about = (row: Mismatch): Pick<Extract<Finding, { kind: 'server' }>, 'kind' | 'name' | 'trust'> => ({
  kind: 'server',
  name: spoken(row),
  trust: { kind: 'exact' },
})

/** Null on a standby, where nothing can be rebuilt. */
function fixOf(rows: Mismatch[]): Finding['fix'] {
  if (rows.some(({ in_recovery: inRecovery }) => inRecovery)) return null
  const oids = rows.filter(({ is_default: isDefault }) => !isDefault).map(({ oid }) => oid)
  return refreshCollationRequest({ oids, ...(oids.length < rows.length ? { database: true } : {}) })
}

const spoken = ({ name, is_default: isDefault, datname }: Mismatch): string => (isDefault ? `${identifier(datname)}'s default` : name)

/** A library is loaded when the server starts, so no later than that. */
const sinceWords = ({ started }: Mismatch): string => `Since the server start on ${formatMoment(started)} at the latest.`

const standbyWords = ({ in_recovery: inRecovery }: Mismatch): string[] =>
  inRecovery ? ['This is a standby: a rebuild runs on the primary, with its library. Both must have the same.'] : []

const refreshSql = ({ name, is_default: isDefault, datname }: Mismatch): string =>
  isDefault ? `ALTER DATABASE ${identifier(datname)} REFRESH COLLATION VERSION;` : `ALTER COLLATION ${name} REFRESH VERSION;`

const some = (names: string[]): string => `${names.slice(0, NAMED).join(', ')}${names.length > NAMED ? ' …' : ''}`
