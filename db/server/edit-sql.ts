import type { ScanToken } from 'libpg-query'
import { scanIfReadable } from './parse-sql'

/** What is written instead of a part of a text; positions count bytes. */
export interface Edit {
  from: number
  to: number
  by: string
}

export const isComment = (tokenName: string): boolean => tokenName === 'SQL_COMMENT' || tokenName === 'C_COMMENT'

/** The text with what is written instead; the edits follow each other and do not overlap. */
export function edited(sql: string, edits: Edit[]): string {
  const bytes = Buffer.from(sql, 'utf8')
  let done = 0
  const parts = edits.map(({ from, to, by }) => {
    const part = bytes.subarray(done, from).toString('utf8') + by
    done = to
    return part
  })
  return parts.join('') + bytes.subarray(done).toString('utf8')
}

/** The n of a $n. */
export const numberOf = ({ text }: ScanToken): number => Number(text.slice(1))

/** The same with $1 … $n without gaps: the server wants a type for each up to the largest. */
export async function renumbered(sql: string): Promise<string> {
  const parameters = ((await scanIfReadable(sql)) ?? []).filter(({ tokenName }) => tokenName === 'PARAM')
  const numbers = [...new Set(parameters.map(numberOf))].sort((a, b) => a - b)
  if (numbers.every((number, at) => number === at + 1)) return sql
  return edited(
    sql,
    parameters.map((token) => ({ from: token.start, to: token.end, by: `$${numbers.indexOf(numberOf(token)) + 1}` })),
  )
}
