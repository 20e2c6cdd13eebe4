/** One line of postgresql.conf that sets something. */
export interface ConfLine {
  name: string
  value: string
  line: number
}

export interface ConfFile {
  /** By lower-case name, the last line of each, which is the one that counts. */
  lines: Map<string, ConfLine>
  /** include, include_if_exists and include_dir, as they are written: what they lead to is not read. */
  includes: string[]
  /** Numbers of the lines that PostgreSQL would refuse. */
  refused: number[]
}

/** The tokens of guc-file.l. In a quoted value '' and backslashes stand for what they escape; a bare one is a word or a number, never a list. */
const QUOTED = /'(?:[^'\\\n]|''|\\.)*'/
const WORD = /[A-Za-z_\u0080-\uffff][\w\-.:/\u0080-\uffff]*/
const NUMBER = /[+-]?(?:0x[\da-fA-F]+|\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)[A-Za-z]*/
const LINE = new RegExp(
  `^\\s*(?:([A-Za-z_][\\w$.]*)(?:\\s*=\\s*|\\s+|(?='))(${QUOTED.source}|${WORD.source}|${NUMBER.source})\\s*)?(?:#.*)?$`,
)

/** The text of a postgresql.conf; https://www.postgresql.org/docs/current/config-setting.html */
export function parseConf(text: string): ConfFile {
  const file: ConfFile = { lines: new Map(), includes: [], refused: [] }
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    const found = LINE.exec(line)
    if (!found) file.refused.push(at + 1)
    const [, name, written] = found ?? []
    if (name === undefined || written === undefined) continue
    const value = written.startsWith("'") ? written.slice(1, -1).replaceAll("''", "'").replaceAll(/\\(.)/g, '$1') : written
    const key = name.toLowerCase()
    if (/^include(_if_exists|_dir)?$/.test(key)) file.includes.push(`${key} '${value}'`)
    else file.lines.set(key, { name: key, value, line: at + 1 })
  }
  return file
}
