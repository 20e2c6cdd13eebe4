import type { Node } from 'libpg-query'
import { DatabaseError } from 'pg'
import { z } from 'zod'
import { type Ask, look } from './look'
import { parseRow } from './parse-rows'
import { fingerprintOf, parseSql } from './parse-sql'
import { ok, type Problem, problemFrom, type Result } from './problem'
import type { Target } from './target'

/** What the server makes of expressions over the columns of one table. */
interface ReadExpressions {
  /** Why it does not take them; null: it does. */
  refusal: Problem | null
  /** The type of each of `typed`, by OID; null where the server cannot tell. */
  types: (number | null)[]
}

/**
 * Syntax, names, types and constants that are none (manual, appendix A: class 42, feature_not_supported, class 22). What the role may
 * not see is no refusal.
 */
const REFUSES = /^(42(?!501)|0A|22)/

/**
 * Lets the server read expressions as it reads those of an index: names, types, no aggregates, no set-returning functions; and a
 * predicate, which must be boolean. PREPARE analyses a statement and neither plans nor runs it, so nobody's function is called; it
 * takes an AccessShareLock for that moment, or gives up after lock_timeout. Names are looked up in pg_catalog, as in a run.
 * Null: it could not be asked. Errors: unreachable and the like.
 */
export async function readExpressions(
  target: Target,
  table: { schemaname: string; relname: string },
  { expressions, predicate, typed }: { expressions: Node[]; predicate: Node | null; typed: Node[] },
): Promise<Result<ReadExpressions | null>> {
  const isNull = (arg: Node): Node => ({ NullTest: { arg, nulltesttype: 'IS_NULL' } })
  // Each within words or parentheses of its own, where no precedence changes it: CASE WHEN takes what is boolean, as WHERE does.
  const alone = (arg: Node): Node => ({ CoalesceExpr: { args: [arg] } })
  const isTrue = (expr: Node): Node => ({
    CaseExpr: { args: [{ CaseWhen: { expr, result: { A_Const: { boolval: { boolval: true } } } } }] },
  })
  const whole = await statementOf(table, [...(predicate ? [isTrue(predicate)] : []), ...expressions.map(alone)].map(isNull))
  // An unknown parameter takes the type of what it is put beside.
  const beside = typed.map((node, at) => isNull({ CoalesceExpr: { args: [{ ParamRef: { number: at + 1 } }, node] } }))
  const probe = await statementOf(table, beside)
  if (whole === null) return ok(null)
  try {
    return ok(await look(target, (ask) => readBoth(ask, whole, typed.length === 0 ? null : probe, typed.length), { commit: false }))
  } catch (error) {
    const problem = problemFrom(error)
    if (error instanceof DatabaseError)
      return ok(REFUSES.test(problem.sqlstate ?? '') ? { refusal: problem, types: typed.map(() => null) } : null)
    return { ok: false, problem }
  }
}

/** The SELECT as text that the parser reads as the same tree again; null where it cannot be written so. */
async function statementOf({ schemaname, relname }: { schemaname: string; relname: string }, args: Node[]): Promise<string | null> {
  const { deparse } = await import('pgsql-deparser')
  const whereClause: Node | undefined = args.length > 1 ? { BoolExpr: { boolop: 'AND_EXPR', args } } : args[0]
  const tree: Node = {
    SelectStmt: {
      fromClause: [{ RangeVar: { schemaname, relname, inh: true, relpersistence: 'p' } }],
      ...(whereClause && { whereClause }),
      limitOption: 'LIMIT_OPTION_DEFAULT',
      op: 'SETOP_NONE',
    },
  }
  const text = await deparse(tree, { pretty: false })
  const again = await parseSql(text)
  const [one, ...more] = again.ok ? again.value : []
  return one && more.length === 0 && fingerprintOf(one.tree) === fingerprintOf(tree) ? text : null
}

const NAME = 'proctor_definition'
const types = z.object({ types: z.array(z.number()) })

/** What is prepared outlives a transaction, and a pool may keep the session: it is deallocated on every way out. */
async function readBoth(ask: Ask, whole: string, probe: string | null, count: number): Promise<ReadExpressions> {
  const prepared = async (text: string, work: () => Promise<ReadExpressions>): Promise<ReadExpressions> => {
    await ask('savepoint /* proctor */ before_prepare')
    try {
      await ask(`prepare /* proctor */ ${NAME} as ${text}`, [], { extended: true })
      return await work()
    } finally {
      await ask('rollback /* proctor */ to savepoint before_prepare')
        .then(() => ask(`deallocate /* proctor */ ${NAME}`))
        .catch(() => ask('rollback /* proctor */ to savepoint before_prepare').catch(() => undefined))
    }
  }
  const unknown: ReadExpressions = { refusal: null, types: Array.from({ length: count }, () => null) }
  const taken = await prepared(whole, async () => unknown)
  if (probe === null) return taken
  const asked = prepared(probe, async () => {
    const { rows } = await ask(
      `select /* proctor:expression-types */ parameter_types::oid[]::int8[]::float8[] as types from pg_prepared_statements where name = '${NAME}'`,
    )
    return { refusal: null, types: parseRow(types, rows[0]).types }
  })
  // A pseudo-type, say, has no parameter: then the types stay unknown.
  return asked.catch((error) => {
    if (error instanceof DatabaseError) return unknown
    throw error
  })
}
