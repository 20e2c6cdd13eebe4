import type { ScanToken } from 'libpg-query'
import type { Edit } from './edit-sql'

/** What to write for the parameter at `at` and what is around it; undefined where the rule has nothing to say. */
type Rule = (tokens: ScanToken[], at: number, textBetween: (from: number, to: number) => string) => Edit | undefined

/** Words of the grammar's own that a type may end with, and those that may stand before another such word. */
const TYPE_KEYWORDS = new Set(
  `bigint bit boolean char character dec decimal float int integer interval json name nchar numeric precision real smallint text time
  timestamp varchar varying xml`.split(/\s+/),
)
const TYPE_BEGINNINGS: Record<string, string[]> = {
  precision: ['double'],
  varying: ['character', 'char', 'nchar', 'bit'],
  character: ['national'],
  char: ['national'],
}

const wordAt = (tokens: ScanToken[], at: number): string | undefined => tokens[at]?.text.toLowerCase()
const isName = ({ tokenName, keywordName }: ScanToken) => tokenName === 'IDENT' || keywordName === 'UNRESERVED_KEYWORD'
const isType = (token: ScanToken) => token.tokenName === 'IDENT' || TYPE_KEYWORDS.has(token.text.toLowerCase())

/** date $1 becomes $1::date; interval $1 day becomes $1::interval day. */
export const typedConstant: Rule = (tokens, at, textBetween) => {
  const [first, parameter, last] = [typeBefore(tokens, at), tokens[at], tokens[at - 1]]
  if (!first || !parameter || !last) return undefined
  const cast = `${parameter.text}::${textBetween(first.start, last.end)}`
  // PASSING of xmltable takes a cast in parentheses only.
  const isPassed = wordAt(tokens, tokens.indexOf(first) - 1) === 'passing'
  return { from: first.start, to: parameter.end, by: isPassed ? `(${cast})` : cast }
}

/** extract($1 from …): the grammar's own name for it takes an expression. */
export const extractField: Rule = (tokens, at) => {
  const [word, parameter, from] = [tokens[at - 2], tokens[at], tokens[at + 1]]
  const extracts = wordAt(tokens, at - 1) === '(' && wordAt(tokens, at - 2) === 'extract' && wordAt(tokens, at + 1) === 'from'
  return extracts && word && parameter && from
    ? { from: word.start, to: from.end, by: `pg_catalog."extract"(${parameter.text},` }
    : undefined
}

/** U&'…' UESCAPE '!' keeps the second half. */
export const unicodeEscape: Rule = (tokens, at) => {
  const [parameter, character] = [tokens[at], tokens[at + 2]]
  return wordAt(tokens, at + 1) === 'uescape' && parameter && character
    ? { from: parameter.start, to: character.end, by: parameter.text }
    : undefined
}

/** DEFAULT $1 ON EMPTY takes no parameter (manual, 9.16.3); which value it is does not change a plan. */
export const jsonDefault: Rule = (tokens, at) => {
  const [word, parameter] = [tokens[at - 1], tokens[at]]
  const isDefault = wordAt(tokens, at - 1) === 'default' && wordAt(tokens, at + 1) === 'on'
  return isDefault && /^(empty|error)$/.test(wordAt(tokens, at + 2) ?? '') && word && parameter
    ? { from: word.start, to: parameter.end, by: 'null' }
    : undefined
}

/** The paths of json_table are constants (manual, 9.16.4); the planner does not look at them. */
export const jsonPath: Rule = (tokens, at) => {
  const [parameter, before] = [tokens[at], wordAt(tokens, at - 1)]
  if (before !== ',' && before !== 'path') return undefined
  const around = opening(tokens, at)
  const isRoot = before === ',' && wordAt(tokens, around - 1) === 'json_table'
  const isOfColumn = before === 'path' && isWithin(tokens, around, 'json_table')
  return parameter && (isRoot || isOfColumn) ? { from: parameter.start, to: parameter.end, by: "'$'" } : undefined
}

/** CYCLE … SET mark TO $1 DEFAULT $2 takes constants only. */
export const markOfCycle: Rule = (tokens, at) => {
  const [parameter, other] = [tokens[at], tokens[at + 2]]
  const isMark = wordAt(tokens, at - 1) === 'to' && wordAt(tokens, at + 1) === 'default' && wordAt(tokens, at + 3) === 'using'
  return isMark && parameter && other ? { from: parameter.start, to: other.end, by: 'true default false' } : undefined
}

/** The first word of the type that stands right before the parameter at `at`: timestamp (3) with time zone $1, public.mood $1. */
function typeBefore(tokens: ScanToken[], at: number): ScanToken | undefined {
  const word = (index: number) => wordAt(tokens, index)
  let last = at - 1
  if (word(last) === 'zone' && word(last - 1) === 'time' && /^with(out)?$/.test(word(last - 2) ?? '')) last -= 3
  // Nothing else may stand between a closing parenthesis and a parameter.
  if (word(last) === ')') last = opening(tokens, last) - 1
  const token = tokens[last]
  if (!token || !isType(token)) return undefined
  if (TYPE_BEGINNINGS[token.text.toLowerCase()]?.includes(word(last - 1) ?? '')) last -= 1
  if (word(last) === 'char' || word(last) === 'character') last -= word(last - 1) === 'national' ? 1 : 0
  while (word(last - 1) === '.' && tokens[last - 2] && isName(tokens[last - 2] as ScanToken)) last -= 2
  return tokens[last]
}

/** Where the parenthesis was opened that holds what stands at `at`, or that is closed there; 0 for none. */
function opening(tokens: ScanToken[], at: number): number {
  let depth = 1
  for (let index = at - 1; index >= 0; index--) {
    const { text } = tokens[index] as ScanToken
    if (text === ')') depth++
    if (text === '(' && --depth === 0) return index
  }
  return 0
}

/** Whether one of the parentheses around the one at `open` belongs to that function. */
function isWithin(tokens: ScanToken[], open: number, name: string): boolean {
  for (let at = open; at > 0; at = opening(tokens, at)) if (wordAt(tokens, at - 1) === name) return true
  return false
}
