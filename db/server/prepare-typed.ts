import { DatabaseError } from 'pg'
import { type Edit, edited, numberOf } from './edit-sql'
import { LIKELY_TYPES, PAIRS, tellsOf, typesTold } from './parameter-types'
import { nearestFirst, parametersAt } from './parameters-near'
import { scanSql } from './parse-sql'

/** Sends one command by the extended protocol. */
type Send = (text: string) => Promise<unknown>

/**
 * ambiguous_function (operators too), indeterminate_datatype, ambiguous_parameter, undefined_function (of text, which is taken where
 * nothing else is known), datatype_mismatch, cannot_coerce, wrong_object_type (an array of what is none) (manual, appendix A).
 */
const TYPE_UNKNOWN = new Set(['42725', '42P18', '42P08', '42883', '42804', '42846', '42809'])
const INDETERMINATE = '42P18'
const CANNOT_COERCE = '42846'
/** What a wrong type may bring: syntax and access, data, what is not supported. */
const OF_THE_TEXT = /^(42|22|0A)/
/** A text of a thousand parameters is not tried in all ways, nor for longer than somebody waits for it. */
const ATTEMPTS = 400
const PATIENCE_MS = 3_000
/** Beside an error this many parameters are tried with every type. */
const NEAR = 8

export const isTypeUnknown = (sqlstate: string | undefined): boolean => TYPE_UNKNOWN.has(sqlstate ?? '')

type Types = ReadonlyMap<number, string>

/** What came of a text in which some parameters have a type. */
interface Attempt {
  text: string
  types: Types
  /** What the server said, and where, in letters: in this text, and in the text as it was; NaN where it says no place. Null: prepared. */
  error: { said: DatabaseError; here: number; at: number } | null
}

/**
 * PREPARE of a normalised text within the caller's transaction. Where the types of its parameters cannot be inferred, for
 * constants stood in the places of $n, those that the server complains of are taken for integer, as most constants without a type are,
 * else for the type that its complaint names or whatever other type lets it read further. Gives the text that was prepared, and the numbers of those
 * parameters. Throws what the server said of the text as it was.
 */
export async function prepareTyped(send: Send, name: string, statement: string): Promise<{ text: string; assumed: number[] }> {
  const numbers = await numbersIn(statement)
  const deadline = Date.now() + PATIENCE_MS
  let left = ATTEMPTS
  const attempt = async (types: Types): Promise<Attempt> => {
    left -= 1
    const { text, added } = await cast(statement, types)
    const prefix = `prepare /* proctor */ ${name} as `
    await send('savepoint /* proctor */ before_prepare')
    try {
      await send(prefix + text)
      return { text, types, error: null }
    } catch (said) {
      if (!(said instanceof DatabaseError && (isTypeUnknown(said.code) || (types.size > 0 && OF_THE_TEXT.test(said.code ?? '')))))
        throw said
      await send('rollback /* proctor */ to savepoint before_prepare')
      // Only a parameter without a type is told without a place once everything else has been read.
      const none = said.code === INDETERMINATE ? Number.POSITIVE_INFINITY : Number.NaN
      const place = said.position === undefined ? none : Number(said.position) - 1 - prefix.length
      const before = added.filter(({ at }) => at < place).reduce((sum, { letters }) => sum + letters, 0)
      return { text, types, error: { said, here: place, at: place - before } }
    }
  }
  const first = await attempt(new Map())
  const met = new Set<string>()
  let now = first
  while (now.error) {
    met.add(signOf(now.error))
    const next = await further(now, now.error, { numbers, attempt, met, mayTry: () => left > 0 && Date.now() < deadline })
    if (!next) break
    now = next
  }
  if (now.error) throw first.error?.said
  return { text: now.text, assumed: [...now.types.keys()].sort((a, b) => a - b) }
}

interface Search {
  numbers: number[]
  attempt: (types: Types) => Promise<Attempt>
  /** The errors that were met on the way here. */
  met: Set<string>
  mayTry: () => boolean
}

const signOf = ({ at, said }: NonNullable<Attempt['error']>): string => `${at} ${said.message}`

/**
 * With one more type, or those that it complains of: the attempt that the server takes, else reads furthest; null where there is none.
 * It reads FROM before WHERE before what is selected or set, so an error at another place, or at none, is progress, too; at the same
 * place (BETWEEN holds two operators), or where it complains of the type just given, only where no other type leads on.
 */
async function further(now: Attempt, error: NonNullable<Attempt['error']>, { numbers, attempt, met, mayTry }: Search) {
  const open = numbers.filter((number) => !now.types.has(number))
  const complained = (await parametersAt(now.text, error.here, error.said.message)).filter((number) => open.includes(number))
  const near = (await nearestFirst(now.text, error.here, open)).slice(0, NEAR)
  const most = [...new Set(['int4', ...typesTold(error.said.message)])]
  const rest = LIKELY_TYPES.filter((type) => !most.includes(type))
  const found: Partial<Record<'further' | 'moved' | 'here' | 'doubtful', Attempt>> = {}
  const tried = async (choices: [number, string][][]): Promise<Attempt | null> => {
    for (const choice of choices) {
      if (choice.length === 0 || !mayTry()) continue
      const next = await attempt(new Map([...now.types, ...choice]))
      if (!next.error) return next
      const { at, said } = next.error
      if (met.has(signOf(next.error)) || !isTypeUnknown(said.code) || said.code === CANNOT_COERCE) continue
      const isFurther = at > error.at || (Number.isNaN(error.at) && at === Number.POSITIVE_INFINITY)
      const isElsewhere = isFurther || at < error.at || error.at === Number.POSITIVE_INFINITY
      if (isElsewhere && choice.some(([, type]) => tellsOf(said.message, type))) found.doubtful ??= next
      else if (isFurther) found.further = at > (found.further?.error?.at ?? -1) ? next : found.further
      else if (isElsewhere) found.moved ??= next
      else found.here ??= next
    }
    return null
  }
  const each = (types: string[], from: number[]) => types.flatMap((type) => from.map((number): [number, string][] => [[number, type]]))
  const together = (types: string[]) => types.map((type) => complained.map((number): [number, string] => [number, type]))
  const [one, other] = complained
  const pairs =
    one !== undefined && other !== undefined
      ? PAIRS.map(([first, second]): [number, string][] => [
          [one, first],
          [other, second],
        ])
      : []
  const done = await tried([...together(most), ...pairs, ...each(most, open)])
  const sure = () => found.further ?? found.moved
  if (done ?? sure()) return done ?? sure()
  const likely = found.here ?? found.doubtful
  return (await tried([...together(rest), ...each(rest, near)])) ?? sure() ?? likely ?? found.here ?? found.doubtful
}

const numbersIn = async (sql: string): Promise<number[]> => [
  ...new Set((await scanSql(sql)).filter(({ tokenName }) => tokenName === 'PARAM').map(numberOf)),
]

/**
 * Every $n of those numbers with its type; in parentheses, so that what follows does not belong to the type. Tells, in letters, where
 * it became longer, and by how much.
 */
async function cast(sql: string, types: Types): Promise<{ text: string; added: { at: number; letters: number }[] }> {
  const bytes = Buffer.from(sql, 'utf8') // positions count bytes
  const edits: Edit[] = []
  const added: { at: number; letters: number }[] = []
  let more = 0
  for (const token of await scanSql(sql)) {
    const type = token.tokenName === 'PARAM' ? types.get(numberOf(token)) : undefined
    if (type === undefined) continue
    const by = `(${token.text}::pg_catalog.${type})`
    edits.push({ from: token.start, to: token.end, by })
    const letters = by.length - token.text.length
    added.push({ at: Array.from(bytes.subarray(0, token.start).toString('utf8')).length + more, letters })
    more += letters
  }
  return { text: edited(sql, edits), added }
}
