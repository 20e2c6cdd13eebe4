import { type SqlToken, sqlTokens } from '../ui/sql-tokens'

const meaningful = (sql: string): SqlToken[] =>
  sqlTokens(sql)
    .flatMap((token) =>
      token.kind === 'plain' ? token.text.split(/(\s+|[^\p{L}\p{N}_$\s])/u).map((text) => ({ kind: token.kind, text })) : [token],
    )
    .filter(({ kind, text }) => kind !== 'comment' && text.trim() !== '')

/**
 * The values of $1 … $n of a normalised statement, as they stand in the same statement with its constants; null where
 * the two do not match word by word, or where the client sent the values apart from the text.
 */
export function valuesFrom(normalised: string, example: string): string[] | null {
  const [wanted, given] = [meaningful(normalised), meaningful(example)]
  const values: string[] = []
  let at = 0
  for (const token of wanted) {
    const sign = token.kind === 'parameter' && given[at]?.text === '-' && given[at + 1]?.kind === 'number' ? '-' : ''
    if (sign) at++
    const there = given[at++]
    if (!there) return null
    if (token.kind !== 'parameter') {
      if (token.text.toLowerCase() !== there.text.toLowerCase()) return null
      continue
    }
    if (there.kind !== 'string' && there.kind !== 'number') return null
    values[Number(token.text.slice(1)) - 1] = sign + unquoted(there.text)
  }
  return at === given.length && values.length > 0 && !values.includes(undefined as never) ? values : null
}

const unquoted = (text: string): string => (text.startsWith("'") ? text.slice(1, -1).replaceAll("''", "'") : text)
