import { extractField, jsonDefault, jsonPath, markOfCycle, typedConstant, unicodeEscape } from './constant-places'
import { type Edit, edited, isComment, renumbered } from './edit-sql'
import { separated } from './glued-parameters'
import { scanIfReadable } from './parse-sql'

const RULES = [typedConstant, extractField, unicodeEscape, jsonDefault, jsonPath, markOfCycle]

/**
 * pg_stat_statements puts $n for every constant, also where the grammar allows a constant only: interval '1 day' becomes
 * interval $1, extract(epoch from …) becomes extract($1 from …). They are written as the same with an expression, so that
 * the server can read its own text again; where the grammar has none, as a constant that leaves the plan as it is. A text without such
 * places comes back as it is, and so does one that cannot be read.
 */
export async function withoutConstantPlaces(sql: string): Promise<string> {
  const text = await separated(sql)
  const tokens = (await scanIfReadable(text))?.filter(({ tokenName }) => !isComment(tokenName))
  if (!tokens) return sql
  const bytes = Buffer.from(text, 'utf8')
  const edits = tokens.flatMap((token, at): Edit[] => {
    if (token.tokenName !== 'PARAM') return []
    for (const rule of RULES) {
      const edit = rule(tokens, at, (from, to) => bytes.subarray(from, to).toString('utf8'))
      if (edit) return [edit]
    }
    return []
  })
  return edits.length === 0 ? text : renumbered(edited(text, edits))
}
