/** Characters that would move the cursor, ring, or set colours in a terminal: a server's names and texts may hold them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/** One value in a cell: nothing for null, lists with commas, control characters as \u escapes. */
export function cell(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) return value.map(cell).join(', ')
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return text.replace(CONTROL, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** Rows as plain text in columns, numbers to the right; ends with a line break. No rows: one line that says so. */
export function tableText(rows: Record<string, unknown>[]): string {
  const first = rows[0]
  if (!first) return 'No rows.\n'
  const columns = Object.keys(first).map((name) => {
    const cells = rows.map((row) => cell(row[name]))
    const isNumber = rows.every((row) => row[name] === null || typeof row[name] === 'number')
    return { name, cells, isNumber, width: cells.reduce((width, text) => Math.max(width, text.length), name.length) }
  })
  const line = (texts: string[]) =>
    columns
      .map(({ isNumber, width }, at) => (isNumber ? (texts[at] ?? '').padStart(width) : (texts[at] ?? '').padEnd(width)))
      .join('  ')
      .trimEnd()
  const lines = [columns.map(({ name }) => name), ...rows.map((_, row) => columns.map(({ cells }) => cells[row] ?? ''))].map(line)
  return `${lines.join('\n')}\n`
}
