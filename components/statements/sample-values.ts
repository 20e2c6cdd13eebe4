import { type SqlToken, sqlTokens } from '../ui/sql-tokens'

/** A value as text; null is NULL. Left out: the example does not tell it. */
export type SampleValues = (string | null | undefined)[]

const meaningful = (sql: string): SqlToken[] =>
  sqlTokens(sql)
    .flatMap((token) =>
      token.kind === 'plain' ? token.text.split(/(\s+|[^\p{L}\p{N}_$\s])/u).map((text) => ({ kind: token.kind, text })) : [token],
    )
    .filter(({ kind, text }) => kind !== 'comment' && text.trim() !== '' && text !== ';')

interface Constant {
  at: number
  value: string | null
}

/**
 * The values of $1 … $n of a statement as they stand in the same statement with its constants. Where the two read differently for a
 * while (a constant's type before it, a cast behind it), as many constants as parameters between the words that agree are taken in
 * their order; what cannot be told, and what two places of one parameter tell differently, is left out.
 */
export function valuesFrom(statement: string, example: string): SampleValues {
  const [wanted, given] = [meaningful(statement), meaningful(example)]
  const values = new Map<number, string | null>()
  const doubtful = new Set<number>()
  const take = (parameter: SqlToken, value: string | null) => {
    const number = Number(parameter.text.slice(1))
    if (values.has(number) && values.get(number) !== value) doubtful.add(number)
    values.set(number, value)
  }
  let [left, right] = [0, 0]
  while (left < wanted.length && right < given.length) {
    const [here, there] = [wanted[left] as SqlToken, given[right] as SqlToken]
    const constant = here.kind === 'parameter' ? constantAt(given, right) : null
    if (here.kind !== 'parameter' ? same(here, there) : constant && follows(wanted, given, left + 1, constant.at)) {
      if (constant) take(here, constant.value)
      left++
      right = constant ? constant.at : right + 1
      continue
    }
    const [nextLeft, nextRight] = nextAgreement(wanted, given, left, right)
    const parameters = wanted.slice(left, nextLeft).filter(({ kind }) => kind === 'parameter')
    const constants = constantsIn(given, right, nextRight)
    if (parameters.length === constants.length)
      for (const [at, parameter] of parameters.entries()) take(parameter, (constants[at] as Constant).value)
    left = nextLeft
    right = nextRight
  }
  const last = Math.max(0, ...wanted.filter(({ kind }) => kind === 'parameter').map(({ text }) => Number(text.slice(1))))
  return Array.from({ length: last }, (_, at) => (doubtful.has(at + 1) ? undefined : values.get(at + 1)))
}

const same = (one: SqlToken | undefined, other: SqlToken | undefined): boolean =>
  one !== undefined && one.kind !== 'parameter' && one.text.toLowerCase() === other?.text.toLowerCase()

/** Whether both go on alike, or end. */
const follows = (wanted: SqlToken[], given: SqlToken[], left: number, right: number): boolean =>
  same(wanted[left], given[right]) || wanted[left]?.kind === 'parameter' || (left >= wanted.length && right >= given.length)

/** The constant that begins there, with its sign, and where it is over. */
function constantAt(tokens: SqlToken[], at: number): Constant | null {
  const signed = /^[-+]$/.test(tokens[at]?.text ?? '') && tokens[at + 1]?.kind === 'number'
  const token = tokens[signed ? at + 1 : at]
  if (!token) return null
  if (token.kind === 'number') return { at: at + (signed ? 2 : 1), value: (tokens[at]?.text === '-' ? '-' : '') + token.text }
  if (token.kind === 'string') return isPlain(token.text) ? { at: at + 1, value: unquoted(token.text) } : null
  const word = token.text.toLowerCase()
  if (word === 'null') return { at: at + 1, value: null }
  return word === 'true' || word === 'false' ? { at: at + 1, value: word } : null
}

function constantsIn(tokens: SqlToken[], from: number, to: number): Constant[] {
  const found: Constant[] = []
  for (let at = from; at < to; ) {
    const constant = constantAt(tokens, at)
    if (constant) found.push(constant)
    at = constant ? constant.at : at + 1
  }
  return found
}

/** How far it is looked for, in words. */
const FARTHEST = 200

/** The nearest places from which two words in a row agree, or the ends. */
function nextAgreement(wanted: SqlToken[], given: SqlToken[], left: number, right: number): [number, number] {
  for (let steps = 1; steps <= FARTHEST; steps++)
    for (let of = 0; of <= steps; of++) {
      const [one, other] = [left + of, right + steps - of]
      if (same(wanted[one], given[other]) && (same(wanted[one + 1], given[other + 1]) || wanted[one + 1]?.kind === 'parameter'))
        return [one, other]
    }
  return [wanted.length, given.length]
}

/** E'…', U&'…', $$…$$ and B'…' say their value in other ways. */
const isPlain = (text: string): boolean => text.startsWith("'")
const unquoted = (text: string): string => text.slice(1, -1).replaceAll("''", "'")

/** Of several examples the values of the one that tells most. */
export function bestValues(statement: string, examples: string[], count: number): SampleValues {
  const told = examples.map((example) => Array.from({ length: count }, (_, at) => valuesFrom(statement, example)[at]))
  const known = (values: SampleValues) => values.filter((value) => value !== undefined).length
  return told.reduce<SampleValues>((best, values) => (known(values) > known(best) ? values : best), Array.from({ length: count }))
}
