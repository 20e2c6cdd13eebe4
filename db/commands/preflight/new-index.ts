import { formatBytes } from '../../domain/format'
import { grant } from '../../server/grants'
import { identifier } from '../../server/identifiers'
import { parseSql } from '../../server/parse-sql'
import { ok } from '../../server/problem'
import { line, type PreflightCheck } from '../define-command'
import { partsOf } from '../definition/parts'
import { shapeOf } from '../definition/shape'
import type { NewIndexFacts } from '../facts/new-index'
import { outOfReach } from '../search-path/out-of-reach'
import { brokenMinor, concurrentRefused, temporary } from './concurrent-build'
import { definition } from './definition'
import { pace } from './every-run'
import { freeDisk } from './free-disk'
import { leftovers } from './leftovers'
import { longTransactions } from './long-transactions'
import { otherWork, tableInUse } from './other-work'
import { prepared } from './prepared'
import { asOwner, refused, usageOfSchema } from './privilege'
import { searchPathLine } from './search-path'
import { slots } from './slots'
import { standby } from './standby'

type Check = PreflightCheck<NewIndexFacts>

const nameTaken: Check = async (_target, { object, facts: { taken, steps } }) => {
  if (taken?.relkind === 'I' && taken.indisvalid === false && steps?.resumes)
    return line('name', 'pass', 'It goes on where an earlier run ended', `${steps.have} of ${steps.leaves} partitions have their index`)
  if (taken === null) return line('name', 'pass', 'The name is free', `Nothing in ${object.schemaname} is called ${object.relname}`)
  if (taken.indisvalid === false)
    return line('name', 'stop', 'An invalid index has the name', 'What a build that failed left behind: drop it, or rebuild it, instead.')
  return line(
    'name',
    'stop',
    'The name is taken',
    `${taken.indisvalid === null ? 'A relation' : 'An index'} in ${object.schemaname} has it already.`,
  )
}

/** Compared by what the parser makes of both: casts that the server adds to an expression are seen as a difference. */
const sameDefinition: Check = async (_target, { facts: { existing, wanted } }) => {
  const own = shapeOf(wanted.tree)
  for (const { relname, indisvalid, definition } of existing) {
    const parsed = await parseSql(definition)
    const tree = parsed.ok ? parsed.value[0]?.tree : undefined
    if (!tree || !('IndexStmt' in tree)) continue
    const other = shapeOf(tree.IndexStmt)
    if (own.rest !== other.rest || !own.keys.every((key, at) => other.keys[at] === key)) continue
    const whole = own.keys.length === other.keys.length
    if (!whole && (own.unique || wanted.accessMethod !== 'btree')) continue
    if (whole && own.unique && !other.unique) continue
    const what = whole ? 'has the same definition' : 'begins with the same columns and serves the same queries'
    return line('same-definition', 'warn', 'An index does this already', `${relname}${indisvalid ? '' : ', which is invalid,'} ${what}.`)
  }
  return line('same-definition', 'pass', 'No index does this already', `${existing.length} on the table, none the same by its definition`)
}

const tableSize: Check = async (_target, { facts: { bytes, table_name: table } }, plan) => {
  const size = bytes === null ? 'a size that cannot be read now' : formatBytes(bytes)
  return line('table-size', 'pass', 'Table size', `${table} has ${size}${plan.form === 'concurrently' ? ', read twice' : ', read once'}`)
}

const duplicates: Check = async (_target, { facts: { wanted } }) =>
  wanted.unique
    ? line(
        'unique',
        'warn',
        'It must find no duplicates',
        'One pair ends the build, at its end; CONCURRENTLY then leaves an invalid index.',
      )
    : ok(null)

/** Its size is not known before it is built; the table's is an upper bound for nearly all. */
const roomForBuild: Check = (target, facts, plan) => {
  const { bytes } = facts.facts
  const prediction =
    bytes === null
      ? null
      : { bytesBefore: bytes, bytesAfter: null, trust: { kind: 'exact' as const }, seconds: null, walBytes: null, runs: 0 }
  return freeDisk(target, facts, { ...plan, prediction })
}

/** Only the owner of a table makes indexes on it, and only who may create in its schema (manual, CREATE INDEX). */
const mayCreate: Check = async (_target, context) => {
  const { server, facts } = context
  if (facts.is_owner && facts.may_create && facts.may_use_schema)
    return line('privilege', 'pass', 'Privilege', `${server.role} ${server.isSuperuser ? 'is a superuser' : `acts for ${facts.owner}`}`)
  const create = facts.may_create || (!facts.is_owner && facts.owner_may_create)
  const owned = facts.is_owner ? (facts.may_use_schema ? [] : [usageOfSchema(context)]) : asOwner(context)
  return refused(context, create ? owned : [...owned, grant(`CREATE ON SCHEMA ${identifier(facts.table_schema)}`, server)])
}

/** A run has names looked up in pg_catalog alone, and so have the bodies of the functions that the definition calls. */
const functionsOfDefinition: Check = async (target, { facts: { wanted } }) => {
  const called = partsOf(wanted.tree).calls.flatMap(({ kind, name }) => (kind === 'function' ? [name] : []))
  const found = await outOfReach(
    target,
    [],
    called.filter(({ nspname }) => nspname !== 'pg_catalog'),
  )
  return found.ok ? searchPathLine(found.value) : found
}

/** What a build of a new index is checked for. */
export const NEW_INDEX_CHECKS: Check[] = [
  standby,
  brokenMinor,
  concurrentRefused,
  temporary,
  definition,
  functionsOfDefinition,
  nameTaken,
  sameDefinition,
  duplicates,
  longTransactions,
  leftovers,
  otherWork,
  tableInUse,
  prepared,
  slots,
  tableSize,
  roomForBuild,
  pace('maintenance_work_mem'),
  mayCreate,
]
