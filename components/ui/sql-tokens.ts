/** What a piece of SQL is, for its colour. plain covers names, operators and white space. */
export type SqlTokenKind = 'keyword' | 'string' | 'number' | 'parameter' | 'function' | 'comment' | 'name' | 'plain'

export interface SqlToken {
  kind: SqlTokenKind
  text: string
}

const KEYWORDS = new Set(
  `add all alter always analyze and any as asc between by cascade case cast cluster collate column comment commit concurrently constraint
  create cross current database default deferrable deferred delete desc distinct do drop else end except exclude exclusive exists explain
  extension false fetch first for force foreign freeze from full function generated grant group having if ilike immutable in include index
  initially inner insert intersect into is join key last lateral left like limit local lock materialized maintain natural no not nothing
  null nulls of off offset on only or order outer over partition primary privileges references reindex rename reset restrict returning
  revoke right role rollback row rows schema select session set share show similar skip_locked some system table tablespace temp temporary
  then to transaction true truncate type union unique update using vacuum valid validate values verbose view when where window with work`.split(
    /\s+/,
  ),
)

// In this order: comments, dollar-quoted and ordinary strings, quoted names, parameters, numbers, words, the rest.
const PIECES = new RegExp(
  [
    '(?<comment>--[^\\n]*|/\\*[\\s\\S]*?(?:\\*/|$))',
    "(?<string>\\$(?<tag>[A-Za-z_]\\w*|)\\$[\\s\\S]*?(?:\\$\\k<tag>\\$|$)|[eE]'(?:\\\\[\\s\\S]|''|[^'\\\\])*(?:'|$)|(?:[bBxXnN]|[uU]&)?'(?:''|[^'])*(?:'|$))",
    '(?<name>(?:[uU]&)?"(?:""|[^"])*(?:"|$))',
    '(?<parameter>\\$\\d+)',
    '(?<number>(?:\\d[\\d_]*(?:\\.\\d*)?|\\.\\d+)(?:[eE][+-]?\\d+)?)',
    '(?<word>[\\p{L}_][\\p{L}\\p{N}_$]*)',
    '(?<plain>\\s+|[\\s\\S])',
  ].join('|'),
  'gu',
)

/** Cuts SQL into pieces; their texts joined are the SQL, to the letter. */
export function sqlTokens(sql: string): SqlToken[] {
  const tokens: SqlToken[] = []
  for (const match of sql.matchAll(PIECES)) {
    const text = match[0]
    const kind = kindOf(match.groups ?? {}, text, sql.slice(match.index + text.length))
    const last = tokens.at(-1)
    if (last?.kind === 'plain' && kind === 'plain') last.text += text
    else tokens.push({ kind, text })
  }
  return tokens
}

function kindOf(groups: Record<string, string | undefined>, text: string, after: string): SqlTokenKind {
  if (groups.word !== undefined) {
    if (KEYWORDS.has(text.toLowerCase())) return 'keyword'
    return /^\(/.test(after) ? 'function' : 'plain'
  }
  for (const kind of ['comment', 'string', 'name', 'parameter', 'number'] as const) if (groups[kind] !== undefined) return kind
  return 'plain'
}
