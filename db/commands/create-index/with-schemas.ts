import type { IndexStmt } from 'libpg-query'
import { fingerprintOf, parseSql } from '../../server/parse-sql'
import { failed, ok, type Result } from '../../server/problem'
import { runRead } from '../../server/run-read'
import type { Target } from '../../server/target'
import type { IndexDefinition } from '../facts/index-definition'
import { namesElsewhere } from './names-elsewhere'
import { bareNames, qualifyNames } from './qualify-names'

/**
 * The same definition with the schema before every name that is not PostgreSQL's own: a run looks names up in pg_catalog alone.
 * What was typed stays as it is where that changes nothing; else the statement is written anew from its tree, and read again.
 * Errors: invalid_input where a name could mean several things.
 */
export async function withSchemas(target: Target, relid: number, wanted: IndexDefinition): Promise<Result<IndexDefinition>> {
  const found = await runRead(target, namesElsewhere, { relid, amname: wanted.accessMethod, ...bareNames(wanted.tree) })
  if (!found.ok) return found
  const tree = qualifyNames(wanted.tree, found.value)
  if (!tree.ok) return tree
  if (tree.value === null) return ok(wanted)
  const { deparse } = await import('pgsql-deparser')
  const statement = await deparse({ IndexStmt: { ...tree.value, concurrent: wanted.concurrently } }, { pretty: false })
  const again = await parseSql(statement)
  const [same, ...more] = again.ok ? again.value : []
  const said = (one: IndexStmt) => fingerprintOf({ IndexStmt: { ...one, concurrent: true } })
  if (!same || more.length > 0 || !('IndexStmt' in same.tree) || said(same.tree.IndexStmt) !== said(tree.value))
    return failed('invalid_input', 'The statement cannot be written with its schemas; write them before its functions, operators and types')
  return ok({ ...wanted, statement, tree: tree.value })
}
