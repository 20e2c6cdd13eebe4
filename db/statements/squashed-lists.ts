import type { ScanToken } from 'libpg-query'
import { edited, isComment, numberOf } from '../server/edit-sql'
import { scanIfReadable } from '../server/parse-sql'

/** A list of constants of which pg_stat_statements keeps the first alone (18 and later). */
export interface SquashedList {
  /** The n of the $n that stands for it. */
  parameter: number
  /** How many values it is planned with; null: the text does not tell how many it had, and it is planned with one. */
  values: number | null
}

/** What stands behind the first (manual, F.32.4). */
const SQUASHED = '/*, ... */'
/** As many as somebody may give values for; a longer list is planned with these. */
const MOST = 1_000

const isSquashed = (tokens: ScanToken[], at: number): boolean =>
  tokens[at]?.tokenName === 'PARAM' && tokens[at + 1]?.tokenName === 'C_COMMENT' && tokens[at + 1]?.text === SQUASHED

/**
 * How many values each squashed list of a normalised text has in the same statement with its constants, in their order; null where there is no
 * such list or the two do not match word by word.
 */
export async function listLengths(normalised: string, example: string): Promise<number[] | null> {
  const [wanted, all] = await Promise.all([scanIfReadable(normalised), scanIfReadable(example)])
  if (!wanted?.some((_, at) => isSquashed(wanted, at)) || !all) return null
  const given = all.filter(({ tokenName }) => !isComment(tokenName))
  const lengths: number[] = []
  let next = 0
  for (const [at, token] of wanted.entries()) {
    if (isComment(token.tokenName) || token.text === ';') continue
    if (isSquashed(wanted, at)) {
      const { values, end } = listFrom(given, next)
      lengths.push(values)
      next = end
    } else if (token.tokenName === 'PARAM') {
      if (/^[-+]$/.test(given[next]?.text ?? '')) next++
      if (!isConstant(given[next])) return null
      next++
    } else if (given[next++]?.text.toLowerCase() !== token.text.toLowerCase()) return null
  }
  return next >= given.length || given[next]?.text === ';' ? lengths : null
}

const isConstant = (token: ScanToken | undefined): boolean =>
  token !== undefined && (/^([A-Z]*CONST|PARAM)$/.test(token.tokenName) || /^(true|false|null)$/i.test(token.text))

/** The number of values of a list that begins there, and where the bracket is that closes it. */
function listFrom(tokens: ScanToken[], from: number): { values: number; end: number } {
  let [depth, values] = [0, 1]
  for (let at = from; at < tokens.length; at++) {
    const { text } = tokens[at] as ScanToken
    if (/^[([]$/.test(text)) depth++
    else if (/^[)\]]$/.test(text) && depth-- === 0) return { values, end: at }
    else if (text === ',' && depth === 0) values++
  }
  return { values, end: tokens.length }
}

/**
 * The text with as many parameters in each squashed list as `lengths` says; further ones are numbered after those that stand there. A
 * list of unknown length keeps its one.
 */
export async function withWholeLists(sql: string, lengths: number[] | null): Promise<{ text: string; lists: SquashedList[] }> {
  const tokens = (await scanIfReadable(sql)) ?? []
  let last = Math.max(0, ...tokens.filter(({ tokenName }) => tokenName === 'PARAM').map(numberOf))
  const squashed = tokens.flatMap((token, at) => (isSquashed(tokens, at) ? [{ token, comment: tokens[at + 1] as ScanToken }] : []))
  const known = lengths?.length === squashed.length ? lengths : null
  const lists = squashed.map(({ token }, at) => ({ parameter: numberOf(token), values: known ? Math.min(MOST, known[at] ?? 1) : null }))
  const edits = squashed.map(({ token, comment }, at) => {
    const more = Array.from({ length: (lists[at]?.values ?? 1) - 1 }, () => `, $${++last}`).join('')
    return { from: token.end, to: known ? comment.end : token.end, by: more }
  })
  return { text: edited(sql, edits), lists }
}
