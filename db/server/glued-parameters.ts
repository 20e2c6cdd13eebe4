import type { ScanToken } from 'libpg-query'
import { type Edit, edited, numberOf } from './edit-sql'
import { scanIfReadable } from './parse-sql'

/** A word and parameters right beside it, which the server reads as one identifier. */
const GLUED = /^\p{L}+(\$\d+\p{L}*)+$/u

/**
 * Where a constant stood right beside a word (date'2024-01-01', a='x'and b), its $n sticks to it: date$1 is an identifier, and $1and
 * is refused from 15 on. They are set apart; a number that stands elsewhere, too, belongs to an identifier.
 */
export async function separated(sql: string): Promise<string> {
  const text = (await scanIfReadable(sql)) ? sql : sql.replace(/(\$\d+)(?=[\p{L}_])/gu, '$1 ')
  const tokens = await scanIfReadable(text)
  if (!tokens) return sql
  const known = new Set(tokens.flatMap((token) => (token.tokenName === 'PARAM' ? [numberOf(token)] : [])))
  const glued = tokens.filter(({ tokenName, text: word }) => tokenName === 'IDENT' && GLUED.test(word))
  const numbers = new Set(glued.flatMap(numbersIn))
  const isParameter = (number: number) => !known.has(number) && number <= known.size + numbers.size
  const edits = tokens.flatMap((token, at): Edit[] => {
    const { text: word, start, end, tokenName } = token
    if (tokenName === 'PARAM' && tokens[at + 1]?.start === end && /^[\p{L}_]/u.test(tokens[at + 1]?.text ?? ''))
      return [{ from: end, to: end, by: ' ' }]
    if (!glued.includes(token) || !numbersIn(token).every(isParameter)) return []
    // N'…' is a constant of the type that the grammar calls nchar (manual, 4.1.2 and 8.3).
    return [
      {
        from: start,
        to: end,
        by: word
          .replace(/^n(?=\$)/i, 'nchar')
          .replace(/\$\d+/g, ' $& ')
          .trim(),
      },
    ]
  })
  return edited(text, edits)
}

const numbersIn = ({ text }: ScanToken): number[] => (text.match(/\d+/g) ?? []).map(Number)
