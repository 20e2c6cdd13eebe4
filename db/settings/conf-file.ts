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

/** A quoted value: '' and backslashes stand for what they escape (guc-file.l); a bare one ends at a space or #. */
const LINE = /^\s*(?:([A-Za-z_][\w$.]*)\s*(?:=|\s)\s*('(?:[^'\\\n]|''|\\.)*'|[^\s#']+)\s*)?(?:#.*)?$/

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
