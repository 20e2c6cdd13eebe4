import type { AlterTableCmd, Node, RangeVar } from 'libpg-query'
import { z } from 'zod'
import { qualified } from '../../server/identifiers'
import { type ParsedStatement, parseSql, scanSql } from '../../server/parse-sql'
import { failed, ok, type Result } from '../../server/problem'
import { formatBuilt } from '../checked'
import { indexBuilt } from '../create-index/command'
import { defineCommand } from '../define-command'
import { dropAgain } from '../drop-index/request'
import { readDefinition } from '../facts/index-definition'
import { loadNewIndex } from '../facts/new-index'
import { NEW_INDEX_CHECKS } from '../preflight/new-index'
import { besideWrites, spoken } from '../sql'
import { BUILD_BESIDE, beside, inSteps } from '../work'
import { restoreIndexRequest } from './request'

/** A partitioned index of a thousand partitions, with comments. */
const DDL_CHARACTERS = 1_000_000

/** What the undo of drop-index may hold: indexes, and what is said of them. Anything else is refused. */
export const restoreIndex = defineCommand({
  name: restoreIndexRequest.command,
  about: 'Recreates a dropped index from the statements kept by its drop',
  input: z.strictObject({
    /** Plan.undo of drop-index. */
    ddl: z.string().min(1).max(DDL_CHARACTERS),
  }),
  face: { verb: 'Bring it back', does: { builds: true } },
  measures: 'indexes',
  weight: 'heavy',
  facts: async (target, { ddl }) => {
    const statements = await readUndo(ddl)
    if (!statements.ok) return statements
    const [first] = statements.value
    const wanted = await readDefinition(first?.text ?? '', !isAlone(first?.tree), true)
    if (!wanted.ok) return wanted
    const found = await loadNewIndex(target, wanted.value)
    if (!found.ok) return found
    return ok({
      object: found.value.object,
      facts: { ...found.value.facts, statements: statements.value.map(sentOf), built: builtAlone(statements.value) },
    })
  },
  plan: (_input, { object, facts }) => {
    const { statements } = facts
    const partitioned = facts.relkind === 'p'
    return ok({
      title: `Bring back ${object.relname} on ${facts.table_name}`,
      ...(partitioned ? inSteps(BUILD_BESIDE, statements) : beside(BUILD_BESIDE, ...statements.map(({ sql }) => sql))),
      locks: [besideWrites(spoken(facts.table_schema, facts.table_name))],
      effect: [
        'Builds the index as it was before it was dropped, while writes continue.',
        ...(partitioned ? ["Each partition's index is built by itself, then attached."] : []),
        ...(statements.length > 1 ? ['Then restores its settings and comments.'] : []),
      ],
      cancel:
        'Cancel at any time. What was built by then stays; a cancelled build leaves an invalid index, which has to be dropped. If the run gives up waiting, that index is dropped.',
      phrase: object.relname,
      alwaysTyped: false,
      writesIndexes: 'anew',
      ...(partitioned ? { parts: facts.built } : { halfway: object.relname, dropsCopy: true }),
      undo: `${partitioned ? 'DROP INDEX' : 'DROP INDEX CONCURRENTLY'} ${qualified(object.schemaname, object.relname)}`,
      undoWith: dropAgain(object, partitioned),
      prediction: null,
    })
  },
  preflight: NEW_INDEX_CHECKS,
  done: indexBuilt,
  checked: formatBuilt(indexBuilt),
})

const sentOf = ({ text, tree }: ParsedStatement) => ({ sql: text, concurrent: 'IndexStmt' in tree && tree.IndexStmt.concurrent === true })

/** The indexes of partitions that are built one after another. */
const builtAlone = (trees: ParsedStatement[]): string[] =>
  trees.flatMap(({ tree }) => ('IndexStmt' in tree && tree.IndexStmt.concurrent && tree.IndexStmt.idxname ? [tree.IndexStmt.idxname] : []))

const isAlone = (tree: Node | undefined): boolean => tree !== undefined && 'IndexStmt' in tree && !tree.IndexStmt.relation?.inh

/** Statements that make indexes and say something of these. Errors: invalid_input for anything else. */
async function readUndo(ddl: string): Promise<Result<ParsedStatement[]>> {
  const parsed = await parseSql(ddl)
  if (!parsed.ok) return parsed
  if ((await scanSql(ddl)).some(({ tokenName }) => tokenName.endsWith('COMMENT')))
    return failed('invalid_input', 'Comments have no place in what brings an index back')
  const made = new Set<string>()
  const tables = new Set<string>()
  for (const [at, { tree, kind }] of parsed.value.entries()) {
    if ('IndexStmt' in tree) {
      const { idxname, relation, if_not_exists: ifNotExists, concurrent } = tree.IndexStmt
      if (!idxname || !relation?.schemaname || !relation.relname || relation.catalogname || ifNotExists || (relation.inh && !concurrent))
        return refuse(at, 'an index is made by name, CONCURRENTLY, on a table with its schema')
      made.add(keyOf([relation.schemaname, idxname]))
      tables.add(keyOf([relation.schemaname, relation.relname]))
    } else if (at === 0) return refuse(at, 'the first one makes the index')
    else if (!saysOf(tree, made, tables)) return refuse(at, `${kind.replace(/Stmt$/, '')} is nothing that brings one of these indexes back`)
  }
  return parsed
}

const refuse = (at: number, why: string) => failed('invalid_input', `Statement ${at + 1}: ${why}`)

const keyOf = (names: (string | undefined)[]): string => JSON.stringify(names)
const keyOfRange = (range: RangeVar | undefined): string => keyOf([range?.schemaname, range?.relname])

/** Whether a statement only says something of an index that was made above it. */
function saysOf(tree: Node, made: Set<string>, tables: Set<string>): boolean {
  if ('CommentStmt' in tree) {
    const { objtype, object } = tree.CommentStmt
    const names = object && 'List' in object ? (object.List.items ?? []) : []
    return objtype === 'OBJECT_INDEX' && made.has(keyOf(names.map((name) => ('String' in name ? name.String.sval : undefined))))
  }
  if ('AlterObjectDependsStmt' in tree) {
    const { objectType, relation, remove } = tree.AlterObjectDependsStmt
    return objectType === 'OBJECT_INDEX' && made.has(keyOfRange(relation)) && !remove
  }
  if (!('AlterTableStmt' in tree)) return false
  const { relation, objtype, cmds = [] } = tree.AlterTableStmt
  const changes = cmds.map((cmd): AlterTableCmd => ('AlterTableCmd' in cmd ? cmd.AlterTableCmd : {}))
  if (objtype === 'OBJECT_TABLE')
    return (
      tables.has(keyOfRange(relation)) &&
      changes.every(({ subtype, name }) => subtype === 'AT_ClusterOn' && made.has(keyOf([relation?.schemaname, name])))
    )
  return objtype === 'OBJECT_INDEX' && made.has(keyOfRange(relation)) && changes.every((change) => isOfIndex(change, made))
}

function isOfIndex({ subtype, def }: AlterTableCmd, made: Set<string>): boolean {
  if (subtype === 'AT_SetStatistics') return true
  return subtype === 'AT_AttachPartition' && def !== undefined && 'PartitionCmd' in def && made.has(keyOfRange(def.PartitionCmd.name))
}
