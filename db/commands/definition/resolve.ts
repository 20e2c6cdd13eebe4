import type { Node } from 'libpg-query'
import type { Candidate, DefinitionFacts } from './facts'
import { type Call, isConstant, isUntyped } from './parts'

/** Types of nodes, by OID; null where they are not known. */
export type TypeOf = (node: Node) => number | null

/** What is wrong with calls in an index: `refused` by the server, or perhaps. */
export interface Judged {
  refused: string[]
  unsure: string[]
}

const WORD = { s: 'STABLE', v: 'VOLATILE', i: 'IMMUTABLE' }

/** Whether an index may hold each of these calls: it takes IMMUTABLE ones only (manual, CREATE INDEX and 36.7). */
export function judgeCalls(calls: Call[], typeOf: TypeOf, facts: DefinitionFacts): Judged {
  const judged: Judged = { refused: [], unsure: [] }
  for (const call of calls) {
    if (call.kind === 'cast') judgeCast(call, typeOf, facts, judged)
    else judgeCall(call, typeOf, facts, judged)
  }
  return { refused: [...new Set(judged.refused)], unsure: [...new Set(judged.unsure)] }
}

function judgeCall(call: Call, typeOf: TypeOf, facts: DefinitionFacts, judged: Judged): void {
  const { kind, name, operands, node } = call
  const named = facts.candidates.filter((one) => one.kind === kind && one.nspname === name.nspname && one.name === name.name)
  const types = operands.map((operand) => (isUntyped(operand) ? UNTYPED : base(typeOf(operand), facts)))
  // An operator before its operand has nothing on its left; a constant beside an operand is of its type.
  const sides = kind === 'operator' ? sidesOf(types, node) : types
  const chosen = narrow(named, sides, kind === 'function' ? base(typeOf(node), facts) : null, facts)
  // text || anything is written as text || its output, in SQL: what that is decides.
  const other = isConcatenation(chosen) ? facts.types.find(({ oid, category }) => sides.includes(oid) && category !== 'S') : undefined
  if (other?.output === 'i') return
  if (other) judged.refused.push(`${other.name} as text, which ${name.name} makes of it, is ${WORD[other.output]}${hintFor(types)}`)
  const wrong = other ? [] : chosen.filter(({ volatility }) => volatility !== 'i')
  const [first] = wrong
  if (!first) return
  const shown = kind === 'operator' ? `The operator ${name.name} calls ${first.signature}, which` : first.signature
  const text = `${shown} is ${WORD[first.volatility]}`
  if (wrong.length < chosen.length || first.inlinable) judged.unsure.push(text)
  else judged.refused.push(`${text}${hintFor(types)}`)
}

const isConcatenation = (chosen: Candidate[]): boolean =>
  chosen.length === 1 && chosen.every(({ signature }) => /^pg_catalog\.(textanycat|anytextcat)\(/.test(signature))

/** unknown, as a string in quotes is. */
const UNTYPED = -1

/** The type behind a domain. */
const base = (type: number | null, { types }: DefinitionFacts): number | null =>
  type === null ? null : (types.find(({ oid }) => oid === type)?.base ?? type)

function sidesOf(types: (number | null)[], node: Node): (number | null)[] {
  const [one = null, other = null] = types
  const isPrefix = 'A_Expr' in node && node.A_Expr.lexpr === undefined
  if (isPrefix) return [0, one]
  return [one === UNTYPED ? other : one, other === UNTYPED ? one : other]
}

/**
 * The functions or operators that a call can mean, as the server chooses them (manual, 10.2 and 10.3): one that fits exactly, else
 * those that fit most exactly, then with the most preferred types; of several, those whose result is the one that the server found.
 */
function narrow(named: Candidate[], types: (number | null)[], result: number | null, facts: DefinitionFacts): Candidate[] {
  const callable = named.filter(({ types: own, defaults, variadic }) =>
    variadic ? types.length >= own.length - 1 : types.length <= own.length && types.length >= own.length - defaults,
  )
  // Where the types are not known, only what holds for all of them is told.
  if (types.includes(null)) return callable.every(({ volatility }) => volatility !== 'i') ? callable : []
  const fits = (one: Candidate) => types.filter((type, at) => type === one.types[at]).length
  const exact = callable.find((one) => one.types.length === types.length && fits(one) === types.length)
  if (exact) return [exact]
  const given = some(callable, (one) => result === null || one.result === result)
  const reached = some(given, (one) => one.variadic || types.every((type, at) => isImplicit(type, one.types[at], facts)))
  return best(best(reached, fits), (one) => types.filter((type, at) => type === one.types[at] || one.preferred[at] === true).length)
}

/** Those that pass, or all where none does. */
function some(candidates: Candidate[], passes: (one: Candidate) => boolean): Candidate[] {
  const passing = candidates.filter(passes)
  return passing.length > 0 ? passing : candidates
}

/** Pseudo-types that stand for any type, or any of a kind, by OID (pg_type.dat). */
const ANY = new Set([2276, 2277, 2283, 2776, 3500, 3831, 4537, 4538, 5077, 5078, 5079, 5080])

/** Whether a value of the one type may be given where the other is asked for, without a cast that is written. */
const isImplicit = (type: number | null, target: number | undefined, { casts }: DefinitionFacts): boolean =>
  type === UNTYPED ||
  type === target ||
  target === undefined ||
  ANY.has(target) ||
  casts.some(({ source, target: to, context }) => source === type && to === target && context === 'i')

function best(candidates: Candidate[], score: (one: Candidate) => number): Candidate[] {
  const most = Math.max(...candidates.map(score))
  return candidates.filter((one) => score(one) === most)
}

function judgeCast(call: Call, typeOf: TypeOf, facts: DefinitionFacts, judged: Judged): void {
  const [operand] = call.operands
  if (!operand || isConstant(operand)) return // what is written as a constant is one before the index is made
  const find = (type: number | null) => facts.types.find(({ oid }) => oid === type)
  let [from, to] = [find(typeOf(operand)), find(typeOf(call.node))]
  if (!from || !to || from.base === to.base) return
  if (from.element > 0 && to.element > 0) [from, to] = [find(from.element), find(to.element)] // cast element by element
  if (!from || !to || from.typtype !== 'b' || to.typtype !== 'b') return
  const known = facts.casts.find(({ source, target }) => source === from.base && target === to.base)
  const volatility = known && known.method !== 'i' ? known.volatility : worst(from.output, to.input)
  if (volatility !== 'i') judged.refused.push(`The cast of ${from.name} to ${to.name} is ${WORD[volatility]}${hintFor([from.base])}`)
}

const worst = (one: 'i' | 's' | 'v', other: 'i' | 's' | 'v') =>
  one === 'v' || other === 'v' ? 'v' : one === 's' || other === 's' ? 's' : 'i'

/** timestamp with time zone; what it gives depends on TimeZone, unless the zone is said. */
const TIMESTAMPTZ = 1184

const hintFor = (types: (number | null)[]): string =>
  types.includes(TIMESTAMPTZ) ? ", as it depends on TimeZone; with a zone that is said it does not: (… AT TIME ZONE 'UTC')" : ''
