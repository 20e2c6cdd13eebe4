import { sqlTokens } from '../ui/sql-tokens'

/**
 * Breaks the one line of pg_get_indexdef before ON, the column list, INCLUDE, WITH and WHERE. Only white
 * space outside of strings and quoted names changes.
 */
export function definitionLines(definition: string): string {
  let depth = 0
  let usingSeen = false
  let shown = ''
  for (const { kind, text } of sqlTokens(definition)) {
    const word = kind === 'keyword' ? text.toUpperCase() : ''
    const breaks = depth === 0 && (word === 'ON' || word === 'INCLUDE' || word === 'WITH' || word === 'WHERE')
    if (breaks) shown = `${shown.trimEnd()}\n  `
    if (word === 'USING' && depth === 0) usingSeen = true
    if (kind !== 'plain') {
      shown += text
      continue
    }
    for (const letter of text) {
      if (letter === '(' && depth === 0 && usingSeen) {
        shown = `${shown.trimEnd()}\n  `
        usingSeen = false
      }
      if (letter === '(') depth++
      if (letter === ')') depth--
      shown += letter
    }
  }
  return shown
}
