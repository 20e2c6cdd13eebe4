import type { ScanToken } from 'libpg-query'

const OPENS = new Set(['(', '[', 'case'])
const CLOSES = new Set([')', ']', 'end'])
/** What stands between these stands beside each other in the tree: lists, branches, and AND and OR, which the parser makes lists of. */
const PARTS = new Set([',', ';', 'and', 'or', 'when', 'then', 'else'])

const isLeaf = ({ tokenName, keywordName }: ScanToken): boolean =>
  keywordName === 'NO_KEYWORD' && /^(IDENT|PARAM|[A-Z]*CONST|SQL_COMMENT|C_COMMENT)$/.test(tokenName)

/**
 * How deep the tree of a text can be at most, in operators, calls and parentheses within each other. An upper bound, told without
 * recursion: every keyword and operator between two commas counts as if it held all before it.
 */
export function mostNested(tokens: ScanToken[]): number {
  const open = [0]
  let [sum, most] = [0, 0]
  const add = (by: number) => {
    sum += by
    open[open.length - 1] = (open.at(-1) ?? 0) + by
    most = Math.max(most, sum)
  }
  for (const token of tokens) {
    const text = token.text.toLowerCase()
    if (PARTS.has(text)) add(-(open.at(-1) ?? 0))
    else if (OPENS.has(text)) {
      add(1)
      open.push(0)
    } else if (CLOSES.has(text)) {
      add(-(open.at(-1) ?? 0))
      if (open.length > 1) open.pop()
    } else if (!isLeaf(token)) add(1)
  }
  return most
}
