const LIST_MOST = 300
const FOLD_FROM = 18

/** One line; a long list of columns folds to SELECT … FROM, so that what is read stands in sight. */
export function foldSql(sql: string): string {
  const line = sql.replace(/\s+/g, ' ').trim()
  const select = /^select( distinct)? /i.exec(line)?.[0]
  // A parenthesis that is still open belongs to a subquery: its FROM is not ours.
  const from = select && [...line.matchAll(/ from /gi)].find(({ index }) => balanced(line.slice(0, index)))
  const folded = select && from && from.index - select.length > FOLD_FROM ? `${select}…${line.slice(from.index)}` : line
  return folded.length > LIST_MOST ? `${folded.slice(0, LIST_MOST)} …` : folded
}

function balanced(text: string): boolean {
  let open = 0
  for (const letter of text) {
    if (letter === '(') open++
    if (letter === ')') open--
  }
  return open === 0
}

/** What it does to what, for a legend: SELECT student_progress. */
export function shortName(sql: string): string {
  const line = sql
    .replace(/\/\*.*?\*\//gs, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  // The FROM of an expression names no table.
  const plain = line.replace(/\bdistinct from\b/gi, ' ').replace(/\b(?:extract|trim|substring|overlay)\s*\([^()]*\)/gi, ' ')
  const verb = /^[a-z]+/i.exec(line)?.[0].toUpperCase() ?? 'Statement'
  const wanted =
    verb === 'WITH'
      ? /\b(?:from|update|into)\s+(?:only\s+)?((?:"[^"]+"|[\w.$])+)/i
      : /\b(?:from|into|update|table)\s+(?:only\s+)?((?:"[^"]+"|[\w.$])+)/i
  const name = wanted.exec(plain)?.[1]?.split('.').at(-1)?.replaceAll('"', '')
  if (name) return `${verb} ${name}`.slice(0, 40)
  return line.length > 28 ? `${line.slice(0, 28)} …` : line || verb
}
