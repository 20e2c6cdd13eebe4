import type { Check, Finding } from '../../checks/define-check'
import { refreshCollationRequest } from '../../commands/refresh-collation/request'
import { formatCount } from '../../domain/format'
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
    'Collations that the library sorts otherwise than when their indexes were built: searches may miss rows, and unique indexes let repeated values in',
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
        ? [`${unique} unique among them: they may have let repeated values in, which the rebuild refuses until those rows are put right.`]
        : []),
      ...(partitioned.length > 0
        ? [`Partitions of ${some(partitioned)} are told apart by it: look for rows that are in the wrong one before REFRESH.`]
        : []),
      ...standbyWords(row),
    ].join(' '),
    severity: 'bad',
    mend: mendOf([row]),
    sql: row.in_recovery ? null : [...indexes.map(reindexIndexSql), refreshSql(row)].join('\n'),
  }
}

function unused(rows: Mismatch[]): Finding {
  const [first] = rows as [Mismatch]
  return {
    ...about(first),
    name: rows.length === 1 ? spoken(first) : null,
    title: `${formatCount(rows.length, 'collation')} of another version than in the library, on which no index is built`,
    evidence: [
      `${some(rows.map(spoken))}.`,
      sinceWords(first),
      'There is nothing to rebuild; until REFRESH PostgreSQL warns whenever one of them is used.',
      ...standbyWords(first),
    ].join(' '),
    severity: 'info',
    mend: mendOf(rows),
    sql: first.in_recovery ? null : rows.map(refreshSql).join('\n'),
  }
}

const about = (row: Mismatch): Pick<Extract<Finding, { kind: 'server' }>, 'kind' | 'name' | 'trust'> => ({
  kind: 'server',
  name: spoken(row),
  trust: { kind: 'exact' },
})

/** Null on a standby, where nothing can be rebuilt. */
function mendOf(rows: Mismatch[]): Finding['mend'] {
  if (rows.some(({ in_recovery: inRecovery }) => inRecovery)) return null
  const oids = rows.filter(({ is_default: isDefault }) => !isDefault).map(({ oid }) => oid)
  return refreshCollationRequest({ oids, ...(oids.length < rows.length ? { database: true } : {}) })
}

const spoken = ({ name, is_default: isDefault, datname }: Mismatch): string => (isDefault ? `${identifier(datname)}'s default` : name)

/** A library is loaded when the server starts, so no later than that. */
const sinceWords = ({ started }: Mismatch): string =>
  `So since the server started, ${started.slice(0, 16).replace('T', ' ')} UTC, at the latest.`

const standbyWords = ({ in_recovery: inRecovery }: Mismatch): string[] =>
  inRecovery ? ['This is a standby: a rebuild runs on the primary, with its library. Both must have the same.'] : []

const refreshSql = ({ name, is_default: isDefault, datname }: Mismatch): string =>
  isDefault ? `ALTER DATABASE ${identifier(datname)} REFRESH COLLATION VERSION;` : `ALTER COLLATION ${name} REFRESH VERSION;`

const some = (names: string[]): string => `${names.slice(0, NAMED).join(', ')}${names.length > NAMED ? ' …' : ''}`
