import type { IndexStmt } from 'libpg-query'

interface Range {
  from: number
  to: number
}
type Rule = Range | 'boolean' | string[]

const FILLFACTOR: Range = { from: 10, to: 100 }

/** Storage parameters by access method, and what they take (manual, CREATE INDEX, Index Storage Parameters; the same in 14 to 18). */
const PARAMETERS: Record<string, Record<string, Rule>> = {
  btree: { fillfactor: FILLFACTOR, deduplicate_items: 'boolean' },
  hash: { fillfactor: FILLFACTOR },
  gist: { fillfactor: FILLFACTOR, buffering: ['auto', 'on', 'off'] },
  spgist: { fillfactor: FILLFACTOR },
  gin: { fastupdate: 'boolean', gin_pending_list_limit: { from: 64, to: 2_147_483_647 } },
  brin: { pages_per_range: { from: 1, to: 131_072 }, autosummarize: 'boolean' },
}

/** Words that the server reads as a boolean; unique beginnings of them too. */
const BOOLEAN = /^(t(r(u(e)?)?)?|y(e(s)?)?|on|1|f(a(l(s(e)?)?)?)?|no?|of(f)?|0)$/i

/** Parameters that the server refuses. An access method of an extension has its own: nothing is said of them. */
export function storageRefusals({ accessMethod = 'btree', options = [] }: IndexStmt): string[] {
  const known = PARAMETERS[accessMethod]
  if (!known) return []
  return options.flatMap((option) => {
    if (!('DefElem' in option)) return []
    const { defname = '', defnamespace, arg } = option.DefElem
    if (defnamespace) return [`There is no parameter namespace ${defnamespace} for an index`]
    const rule = known[defname]
    if (!rule) return [`${accessMethod} has no storage parameter ${defname}`]
    const value = arg === undefined ? 'true' : textOf(arg)
    return value === null || takes(rule, value)
      ? []
      : [`${defname} = ${value} is ${Array.isArray(rule) ? `none of ${rule.join(', ')}` : said(rule)}`]
  })
}

const said = (rule: Range | string): string => (typeof rule === 'string' ? 'neither on nor off' : `not between ${rule.from} and ${rule.to}`)

function takes(rule: Rule, value: string): boolean {
  if (rule === 'boolean') return BOOLEAN.test(value)
  if (Array.isArray(rule)) return rule.includes(value.toLowerCase())
  if (typeof rule === 'string' || !/^[+-]?\d+(\.\d+)?$/.test(value))
    return typeof rule !== 'string' && /[a-z]$/i.test(value) && /^\d/.test(value)
  return Number(value) >= rule.from && Number(value) <= rule.to
}

/** The value as it is written; null where it is something that is not judged here. */
function textOf(arg: object): string | null {
  const { Integer, Float, String: word, TypeName, Boolean: truth } = arg as Record<string, Record<string, unknown> | undefined>
  if (Integer) return String(Integer.ival ?? 0)
  if (Float) return String(Float.fval)
  if (truth) return truth.boolval === true ? 'true' : 'false'
  if (word) return String(word.sval)
  const names = TypeName?.names
  const last = Array.isArray(names) ? (names.at(-1) as { String?: { sval?: string } } | undefined) : undefined
  return last?.String?.sval ?? null
}
