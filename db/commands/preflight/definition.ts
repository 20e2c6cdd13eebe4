import { readExpressions } from '../../server/expression-types'
import { ok, type Result } from '../../server/problem'
import { runRead } from '../../server/run-read'
import type { Target } from '../../server/target'
import { line, type PreflightCheck } from '../define-command'
import { type DefinitionFacts, definitionFacts } from '../definition/facts'
import { type Call, columnOf, type DefinitionParts, partsOf } from '../definition/parts'
import { refusalsOf, typedNodes } from '../definition/refusals'
import { judgeCalls, type TypeOf } from '../definition/resolve'
import type { NewIndexFacts } from '../facts/new-index'

/**
 * Whether the server would take the definition. It reads the expressions itself, planning and running nothing; what it decides later,
 * when it makes the index, is told from the catalogs.
 */
export const definition: PreflightCheck<NewIndexFacts> = async (target, { server, facts: { wanted, relid, existing } }) => {
  const parts = partsOf(wanted.tree)
  const typed = typedNodes(parts)
  const read = await readExpressions(target, wanted, {
    expressions: parts.elements.map(({ node }) => node),
    predicate: parts.predicate,
    typed,
  })
  if (!read.ok) return read
  const types = read.value?.types ?? []
  const found = await look(target, relid, wanted.accessMethod, parts, types)
  if (!found.ok) return found
  if (!found.value) return ok(null)
  const { columns } = found.value
  const typeOf: TypeOf = (node) => types[typed.indexOf(node)] ?? columns[columnOf(node)]?.type ?? null
  const refused = refusalsOf({ tree: wanted.tree, parts, facts: found.value, major: server.major, typeOf })
  // Where the catalogs say why, that says more.
  if (refused.length === 0 && read.value?.refusal) refused.push(read.value.refusal.message)
  const judged = judgeCalls(parts.calls, typeOf, found.value)
  refused.push(...judged.refused.map((one) => `${one}. An index holds only what is IMMUTABLE`))
  if (refused.length > 0) return line('definition', 'stop', 'The server would refuse this definition', `${refused.join('. ')}.`)
  if (judged.unsure.length > 0)
    return line(
      'definition',
      'warn',
      'The server may refuse this definition',
      `${judged.unsure.join('. ')}. An index holds only what is IMMUTABLE; the body of an SQL function counts where the planner can put it in place of the call.`,
    )
  const long = longValues(parts, wanted.accessMethod, found.value)
  if (long.length > 0)
    return line(
      'definition',
      'warn',
      'A long value would end the build',
      `${long.join(', ')} has no length limit, and values of this table are stored out of line. A b-tree takes none over a third of a page, 2,704 bytes after compression; md5(…) or hash have no such limit.`,
    )
  return read.value === null && existing.length === 0
    ? ok(null)
    : line(
        'definition',
        'pass',
        'The server takes this definition',
        'Its columns, functions, operator classes and parameters were looked up.',
      )
}

async function look(
  target: Target,
  relid: number,
  amname: string,
  { calls, elements }: DefinitionParts,
  types: (number | null)[],
): Promise<Result<DefinitionFacts | null>> {
  const names = (kind: Call['kind'], part: 'nspname' | 'name') => calls.flatMap((one) => (one.kind === kind ? [one.name[part]] : []))
  const ask = (more: number[]) =>
    runRead(target, definitionFacts, {
      relid,
      amname,
      function_schemas: names('function', 'nspname'),
      functions: names('function', 'name'),
      operator_schemas: names('operator', 'nspname'),
      operators: names('operator', 'name'),
      types: [...new Set([...types.filter((type) => type !== null), ...more])].sort((a, b) => a - b),
    })
  const first = await ask([])
  if (!first.ok) return first
  const [row] = first.value
  if (!row) return ok(null)
  // Where the server could not be asked, the types of plain columns are known all the same.
  const columns = elements.flatMap(({ element: { name = '' } }) => row.columns[name]?.type ?? [])
  if (columns.every((type) => row.types.some(({ oid }) => oid === type))) return ok(row)
  const again = await ask(columns)
  return again.ok ? ok(again.value[0] ?? row) : again
}

/** btree's page third (manual, 11.2 and 67.4); what the types of these columns may exceed. */
const UNLIMITED = new Set(['text', 'character varying', 'bytea', 'jsonb', 'citext'])

const longValues = ({ elements }: DefinitionParts, method: string, { hasToasted, columns, types }: DefinitionFacts): string[] =>
  method !== 'btree' || !hasToasted
    ? []
    : elements.flatMap(({ element: { name } }) => {
        const type = name === undefined ? undefined : columns[name]?.type
        return name !== undefined && UNLIMITED.has(types.find(({ oid }) => oid === type)?.name ?? '') ? [name] : []
      })
