import { literal } from '../server/identifiers'
import { statementWithoutSecrets } from '../server/secrets/without-secrets'
import { redactText, speaksOfSecrets } from './redact'

/** A line of the audit is for reading; longer texts are cut. */
const LONGEST = 20_000
const PLAN = 'EXPLAIN (VERBOSE, SETTINGS, FORMAT JSON)'
const EXPLAIN = 'EXPLAIN (ANALYZE, VERBOSE, BUFFERS, SETTINGS, FORMAT JSON)'

/**
 * What EXPLAIN ANALYZE ran, as SQL for the audit: the statement, and where it has parameters the values that were given.
 * Values are left out where the text speaks of passwords or tokens, and where the settings keep no values of statements
 * (PROCTOR_SAMPLING_EXAMPLES=off).
 */
export function analyzedSql(statement: string, values: (string | null)[]): string[] {
  const text = statementWithoutSecrets(statement)
  if (values.length === 0 || speaksOfSecrets(statement) || process.env.PROCTOR_SAMPLING_EXAMPLES === 'off')
    return [cut(`${EXPLAIN} ${text}`)]
  const given = values.map((value) => (value === null ? 'NULL' : literal(redactText(value))))
  return [cut(`PREPARE analyzed AS ${text}`), cut(`${EXPLAIN} EXECUTE analyzed (${given.join(', ')})`)]
}

/** The same for a plan, which knows no values. */
export const plannedSql = (statement: string): string[] => [cut(`${PLAN} ${redactText(statement)}`)]

const cut = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST).toWellFormed()} …` : text)
