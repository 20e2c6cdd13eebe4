export type Plain = string | Plain[] | { [name: string]: Plain }

interface Line {
  depth: number
  text: string
  number: number
}

/**
 * Reads the part of YAML that compose.yaml keeps to: maps, lists and strings, by two spaces. Every value is a string.
 * Throws at whatever else it meets: tabs, anchors, blocks of text, a name that is there twice, and a word without quotes that YAML
 * takes for a boolean, a null or a number with colons.
 */
export function parsePlainYaml(text: string): Plain {
  const lines = text.split('\n').flatMap((line, at): Line[] => {
    if (/^\s*(#|$)/.test(line)) return []
    const indent = /^ */.exec(line)?.[0].length ?? 0
    if (indent % 2 === 1 || line[indent] === '\t') throw new Error(`Line ${at + 1}: indent by two spaces`)
    return [{ depth: indent / 2, text: line.trim(), number: at + 1 }]
  })
  const value = block(lines, 0)
  const [rest] = lines
  if (rest) throw new Error(`Line ${rest.number}: belongs to nothing`)
  return value
}

/** Takes the lines of one map or list from the front. */
function block(lines: Line[], depth: number): Plain {
  const list: Plain[] = []
  const map: { [name: string]: Plain } = {}
  for (let line = lines[0]; line && line.depth === depth; line = lines[0]) {
    lines.shift()
    const item = /^- (.+)$/.exec(line.text)
    const pair = /^([\w.-]+):(?: (.+))?$/.exec(line.text)
    if (item?.[1]) list.push(scalar(item[1], line))
    else if (pair?.[1] && !(pair[1] in map))
      map[pair[1]] = pair[2] ? scalar(pair[2], line) : lines[0]?.depth === depth + 1 ? block(lines, depth + 1) : ''
    else throw new Error(`Line ${line.number}: neither "name: value" nor "- value", or a second one`)
    if (list.length > 0 && Object.keys(map).length > 0) throw new Error(`Line ${line.number}: a list within a map`)
  }
  return list.length > 0 ? list : map
}

function scalar(written: string, { number }: Line): Plain {
  if (/^".*"$|^\[.*\]$/.test(written)) {
    const read = JSON.parse(written) // quoted strings and lists in one line are written as in JSON
    if ([read].flat().some((one) => typeof one !== 'string')) throw new Error(`Line ${number}: quote it`)
    return read
  }
  if (/^(y|n|yes|no|on|off|null|~)$|^[\d:]+$|^[&*!|>%@`'"{[]|: |\s#/i.test(written)) throw new Error(`Line ${number}: quote it`)
  return written
}
