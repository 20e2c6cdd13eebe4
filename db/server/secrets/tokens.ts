type Style = 'plain' | 'escape' | 'unicode' | 'dollar'

export interface Literal {
  kind: 'string'
  /** As it stands: E', U&', $tag$; and what ends it, empty where the text was cut before. */
  open: string
  body: string
  close: string
  style: Style
}

/** A part of a text, as it stands there. Words have their name: in lower case, or what was quoted. */
export type Token = Literal | { kind: 'word'; text: string; name: string } | { kind: 'gap' | 'comment' | 'param' | 'sign'; text: string }

const GAP = /\s+/y
const LINE_COMMENT = /--[^\n\r]*/y
const WORD = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|\d[\w.]*/y
/** Most words: none of the letters that a literal may begin with. */
const PLAIN_WORD = /[acdf-mo-tvwyzACDF-MO-TVWYZ_][\w$\u0080-\uffff]*/y
const QUOTED = /(?:[uU]&)?"[^"]*(?:""[^"]*)*"?/y
const PARAM = /\$\d+/y
const OPEN = /(?:[eEbBxXnN]|[uU]&)?'|\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y
const SIGN = /::|:=|=>|->>?|#>>?|\|\||<>|!=|[<>]=?|[\s\S]/uy
const PLAIN = /[^']*(?:''[^']*)*/y
const ESCAPED = /[^'\\]*(?:(?:\\[\s\S]|'')[^'\\]*)*/y

/**
 * A text as PostgreSQL's scanner reads it (manual, 4.1), or what it comes to where that would refuse it: nothing is refused here,
 * and a literal that is not closed goes on to the end. `escapes`: as with standard_conforming_strings = off.
 */
export function tokensOf(text: string, escapes = false): Token[] {
  const tokens: Token[] = []
  let at = 0
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0]
    if (found) at += found.length
    return found || undefined
  }
  while (at < text.length) {
    const plain = take(PLAIN_WORD)
    if (plain !== undefined) {
      tokens.push({ kind: 'word', text: plain, name: plain.toLowerCase() })
      continue
    }
    const open = take(OPEN)
    if (open !== undefined) {
      tokens.push(literalFrom(open))
      continue
    }
    const gap = take(GAP)
    if (gap !== undefined) {
      tokens.push({ kind: 'gap', text: gap })
      continue
    }
    const comment = take(LINE_COMMENT) ?? blockComment()
    if (comment !== undefined) {
      tokens.push({ kind: 'comment', text: comment })
      continue
    }
    const quoted = take(QUOTED)
    const word = quoted ?? take(WORD)
    if (word !== undefined) tokens.push({ kind: 'word', text: word, name: quoted === undefined ? word.toLowerCase() : unquoted(quoted) })
    else {
      const param = take(PARAM)
      tokens.push(param === undefined ? { kind: 'sign', text: take(SIGN) ?? (text[at++] as string) } : { kind: 'param', text: param })
    }
  }
  return tokens

  function literalFrom(open: string): Literal {
    if (open.startsWith('$')) {
      const end = text.indexOf(open, at)
      const body = text.slice(at, end < 0 ? undefined : end)
      at += body.length + (end < 0 ? 0 : open.length)
      return { kind: 'string', open, body, close: end < 0 ? '' : open, style: 'dollar' }
    }
    const style: Style = /^u/i.test(open) ? 'unicode' : /^e/i.test(open) || (escapes && open === "'") ? 'escape' : 'plain'
    const body = take(style === 'escape' ? ESCAPED : PLAIN) ?? ''
    if (text[at] === "'") at++
    else if (at < text.length) {
      const rest = text.slice(at) // a backslash that was the last letter
      at = text.length
      return { kind: 'string', open, body: body + rest, close: '', style }
    } else return { kind: 'string', open, body, close: '', style }
    return { kind: 'string', open, body, close: "'", style }
  }

  /** They nest; one that is not closed goes on to the end. */
  function blockComment(): string | undefined {
    if (!text.startsWith('/*', at)) return undefined
    const edge = /\/\*|\*\//g
    edge.lastIndex = at
    let open = 0
    for (let found = edge.exec(text); found; found = edge.exec(text)) {
      open += found[0] === '/*' ? 1 : -1
      if (open === 0) break
    }
    const comment = text.slice(at, open === 0 ? edge.lastIndex : undefined)
    at += comment.length
    return comment
  }
}

const unquoted = (quoted: string): string => {
  const [, prefix, body = ''] = /^([uU]&)?"([\s\S]*?)"?$/.exec(quoted) ?? []
  return (prefix ? fromUnicode(body) : body).replaceAll('""', '"').toLowerCase()
}

const fromCode = (hex: string, base = 16): string => {
  const code = Number.parseInt(hex, base)
  return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd'
}

const fromUnicode = (body: string): string =>
  body.replace(/\\(\\|\+[0-9a-f]{6}|[0-9a-f]{4})/gi, (_, code: string) => (code === '\\' ? '\\' : fromCode(code.replace('+', ''))))

const ONE_LETTER: Record<string, string> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' }
const ESCAPE = /\\(?:x([0-9a-f]{1,2})|u([0-9a-f]{4})|U([0-9a-f]{8})|([0-7]{1,3})|([\s\S]))|''/gi

/** What a literal means, and how a text is written into a literal of its style. */
export function meaningOf({ body, style }: Literal): string {
  if (style === 'dollar') return body
  if (style === 'plain') return body.replaceAll("''", "'")
  if (style === 'unicode') return fromUnicode(body.replaceAll("''", "'"))
  return body.replace(ESCAPE, (all, x?: string, u?: string, long?: string, octal?: string, letter?: string) => {
    if (all === "''") return "'"
    if (octal !== undefined) return fromCode(octal, 8)
    if (letter !== undefined) return ONE_LETTER[letter] ?? letter
    return fromCode(x ?? u ?? long ?? '')
  })
}

export function writtenAs(meaning: string, { style }: Literal): string {
  if (style === 'dollar') return meaning
  const quoted = meaning.replaceAll("'", "''")
  return style === 'plain' ? quoted : quoted.replaceAll('\\', '\\\\')
}
