import type { Row } from '../server/define-read'
import { builtInRefusal } from './built-in-functions'
import type { explainObjects } from './reads/explain-objects'

/**
 * Functions of PostgreSQL's contrib extensions that are STABLE or VOLATILE and neither execute SQL nor read what is only named to
 * them. Not here: tablefunc's crosstab and connectby, xml2's xpath_table, all of dblink, lo, adminpack, amcheck.
 */
const REVIEWED: Record<string, string[]> = {
  citext: ['citextsend'],
  isn: ['isn_weak'],
  pg_stat_statements: ['pg_stat_statements', 'pg_stat_statements_info'],
  pg_trgm: [
    'set_limit',
    'show_limit',
    'similarity_op',
    'strict_word_similarity_commutator_op',
    'strict_word_similarity_op',
    'word_similarity_commutator_op',
    'word_similarity_op',
  ],
  pgcrypto: [
    'gen_random_bytes',
    'gen_random_uuid',
    'gen_salt',
    'pgp_pub_encrypt',
    'pgp_pub_encrypt_bytea',
    'pgp_sym_encrypt',
    'pgp_sym_encrypt_bytea',
  ],
  tablefunc: ['normal_rand'],
  unaccent: ['unaccent'],
  'uuid-ossp': ['uuid_generate_v1', 'uuid_generate_v1mc', 'uuid_generate_v4'],
}

interface Refusal {
  /** planning: not even planned, as planning may execute it. running: it may be planned, but never run. */
  at: 'planning' | 'running'
  /** As a sentence, without its full stop. */
  why: string
  /** Nobody else's code: the role's own, or a superuser's, which cannot be looked through or does more than compute. */
  own: boolean
}

/**
 * Why an object that a statement reaches keeps it from being planned, or from being run, for `role`; null where it does not.
 * - Whose code it is: only a superuser's or the role's own gives nobody more than he has.
 * - What it does with what it is given: code that executes a text, or what a text names, is somebody else's code in the end, as anybody
 *   may call it in a view. PostgreSQL's own functions and those of contrib were read; C by others passes only where it is IMMUTABLE;
 *   what stands in another language cannot be looked through; SQL can, and is: see the guard.
 * - When: the planner evaluates IMMUTABLE and STABLE functions, and those of operators whatever they are (estimates of selectivity).
 */
export function refusalOf(row: Row<typeof explainObjects>, role: string): Refusal | null {
  if (row.kind === 'relation') {
    return row.relkind === 'f'
      ? { at: 'planning', why: `${row.identity} is a foreign table: another server would be asked`, own: true }
      : null
  }
  if (row.kind === 'expression') return null
  if (!row.trusted) {
    return {
      at: 'planning',
      why: `${row.identity} belongs to ${row.owner}: its code would be executed with the rights of ${role}`,
      own: false,
    }
  }
  if (row.kind === 'operator' || !row.called) return null
  const why = actionOf(row)
  if (why === null) return null
  const at = row.volatility !== 'v' || row.of_operator ? 'planning' : 'running'
  return at === 'running' && !row.runs ? null : { at, why: `${row.identity} ${why}`, own: true }
}

function actionOf({ name, volatility, language, extension, built_in }: Row<typeof explainObjects>): string | null {
  if (built_in) return builtInRefusal(name, volatility)
  if (language === 'sql') return null
  if (language !== 'c' && language !== 'internal') return `is written in ${language}: what it executes cannot be looked through`
  if (volatility === 'i' || REVIEWED[extension ?? '']?.includes(name)) return null
  return extension === null
    ? 'is written in C: what it executes is not known'
    : `of the extension ${extension} may execute SQL that is given to it; Proctor does not know that it does not`
}
