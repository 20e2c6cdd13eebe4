import { namesSecret, REDACTED } from './names'

/** A text without what it kept secret; `open`: it ends, or has a place, where the secret would have to be put in. */
export interface Cleaned {
  text: string
  open: boolean
}

/** Secrets that are known by what they look like, wherever they stand. */
const SHAPES: [RegExp, string][] = [
  [/(-----BEGIN [A-Z ]*PRIVATE KEY-----)(?!\[redacted\])[\s\S]*?(-----END|$)/g, `$1${REDACTED}$2`],
  [/(scram-sha-\d+\$)(?!\[redacted\])[^\s'"]+/gi, `$1${REDACTED}`],
  [/\bmd5(?:[0-9a-f]{32}|[0-9a-f]{6,31}$)/gi, `md5${REDACTED}`],
  [/\$(?:2[abxy]?|argon2[a-z]*|[156y])\$[\w./$=,+-]{8,}/g, REDACTED],
  [/\beyJ[\w-]{8,}\.[\w.-]+/g, REDACTED],
  [/\b(?:gh[pousr]_|github_pat_|glpat-|xox[abprs]-|sk_live_|rk_live_|sk-)[\w-]{10,}/g, REDACTED],
  [/(<([\w:.-]{0,60}(?:password|passwd|secret|token))>)[^<]+/gi, `$1${REDACTED}`],
]

/** scheme://user: and what may be a password, or a port. */
const ADDRESS = /[a-z][a-z0-9+.-]{0,30}:\/\/[^\s:/@'"]{0,300}:/gi
const PORT = /^\d{1,5}(?=[/?#,\s'")\]]|$)/
/** Nobody's password is longer. */
const PASSWORD_MOST = 10_000
const TOKEN_ADDRESS = /(https?:\/\/)[\w.~%+-]{16,}@/gi
const QUERY = /([?&]([^=&\s'"]{1,100})=)([^&\s#'"]+)/g

export function withoutShapes(text: string): string {
  let clean = text
  for (const [shape, by] of SHAPES) clean = clean.replace(shape, by)
  if (!clean.includes('://')) return clean
  return withoutPasswords(clean)
    .replace(TOKEN_ADDRESS, `$1${REDACTED}@`)
    .replace(QUERY, (all, before: string, name: string) => (namesSecret(decoded(name)) ? before + REDACTED : all))
}

/** A password may hold an @ and goes on to the last one; where there is none, the address was cut, or is none of libpq's. */
function withoutPasswords(text: string): string {
  let [clean, done] = ['', 0]
  ADDRESS.lastIndex = 0
  for (let found = ADDRESS.exec(text); found; found = ADDRESS.exec(text)) {
    const from = ADDRESS.lastIndex
    const rest = text.slice(from, from + PASSWORD_MOST)
    // A quote that is closed and opened again ends it: 'postgresql://a:b@c','d@e'.
    const run = rest.slice(0, rest.search(/\s|['"]\s*[,)]|$/))
    const at = run.lastIndexOf('@')
    if (at < 0 && (PORT.test(rest) || run === '' || run.startsWith(REDACTED))) continue
    const length = at >= 0 ? at : (/^[^'"\n@]{0,200}(?=@)/.exec(rest)?.[0].length ?? run.search(/['"]|$/))
    clean += text.slice(done, from) + REDACTED
    done = from + length
    ADDRESS.lastIndex = Math.max(done, from)
  }
  return clean + text.slice(done)
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

/** Of programs that a statement may start: curl -u user:password, sshpass -p, mysql -psecret, redis-cli -a. */
const OPTIONS: [RegExp, string][] = [
  [/((?:^|\s)(?:-u|-U|--user|--proxy-user)[\s=]*(?:"[^":]*:|'[^':]*:|[^\s:'"]+:))(?!\/\/)(?:[^\s'"]+)/g, `$1${REDACTED}`],
  [/(\bsshpass\s+-p\s*)('[^']*'?|"[^"]*"?|\S+)/g, `$1${REDACTED}`],
  [/(\b(?:mysql\w*|mariadb\w*)\b[^|;&\n]{0,500}?\s-p)('[^']*'?|"[^"]*"?|[^\s'"]+)/g, `$1${REDACTED}`],
  [/(\bredis-cli\b[^|;&\n]{0,500}?\s-a\s*)('[^']*'?|"[^"]*"?|[^\s'"]+)/g, `$1${REDACTED}`],
]

const NAME = /[\w.-]+/g
const BETWEEN = /(?:\\*["'`])?\s*(?:=>|:=|=|:)\s*/y
const SPACE = /\s+/y
const PLACE = /(?:\$\d+|%(?:\d+\$)?[sIL]|\?|:\w+|\{\w*\})(?=$|[\s;,)'"&\]])/y
const DONE = /(?:\[redacted\]|'\[redacted\]'?|"\[redacted\]"?)(?=$|[\s;,)'"&\]}])/y
const NESTED = /''(?=[^'\s;,)])[\s\S]*?(?:''(?!')|$)/y
/** A quote is written twice, or with a backslash before it: in a literal, and in a connection string. */
const SINGLE = /(?:[eEbBxXnN]|[uU]&)?'[^']*(?:''[^']*)*(?:'|$)/y
const WITH_ESCAPES = /(?:[eEbBxXnN]|[uU]&)?'[^'\\]*(?:(?:\\[\s\S]|'')[^'\\]*)*(?:'|\\?$)/y
const ANY_QUOTED = /'[^']*(?:''[^']*)*('|$)/g
const DOLLAR = /(\$\w*\$)[\s\S]*?(?:\1|$)/y
const PARAMETER = /[^&\s#'"]+/y
const BARE = /(?:(?:basic|bearer|token|digest|apikey|negotiate)\s+)?(?:\\[\s\S]|[^\s\\])+\\?/iy

/**
 * A text that need not be SQL: a connection string, a setting, a command, a message. What stands after the name of a secret and
 * = or : is withheld, quoted or not, and so is a quoted text right after it.
 */
export function withoutNamed(given: string): Cleaned {
  let text = withoutShapes(given)
  for (const [option, by] of OPTIONS) text = text.replace(option, by)
  let [clean, done, open] = ['', 0, false]
  NAME.lastIndex = 0
  for (let name = NAME.exec(text); name; name = NAME.exec(text)) {
    if (!namesSecret(name[0])) continue
    const end = name.index + name[0].length
    const sign = match(BETWEEN, text, end)
    const space = sign === undefined ? match(SPACE, text, end) : undefined
    const from = end + (sign ?? space ?? '').length
    if (from === text.length || (space !== undefined && match(PLACE, text, from) !== undefined)) open = true
    const isOption = space !== undefined && name[0].startsWith('--')
    const value = sign === undefined && !isOption ? quotedAt(text, from) : valueAt(text, from, '?&'.includes(text[name.index - 1] ?? ' '))
    if (value === undefined) continue
    if (value.open) open = true
    else {
      clean += text.slice(done, from) + value.by
      done = from + value.length
      // A call: what it is given may be what is secret.
      if (text.slice(from, done).includes('(')) text = text.slice(0, done) + text.slice(done).replace(ANY_QUOTED, `'${REDACTED}$1`)
    }
    NAME.lastIndex = Math.max(end, from + value.length)
  }
  return { text: clean + text.slice(done), open }
}

interface Value {
  length: number
  by: string
  open?: boolean
}

const match = (pattern: RegExp, text: string, at: number): string | undefined => {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0]
}

/** A quoted value keeps its quotes; an empty one is none. Where readings differ about its end, nothing after it is shown. */
function quotedAt(text: string, at: number): Value | undefined {
  if (match(DONE, text, at) !== undefined) return undefined
  const found = match(NESTED, text, at) ?? match(SINGLE, text, at) ?? match(DOLLAR, text, at)
  const edge = found && /^(?:''(?=.*'')|.{0,2}?'|\$\w*\$)/.exec(found)?.[0]
  if (found === undefined || edge === undefined) return undefined
  const end = edge.startsWith('$') ? edge : edge.replace(/^[^']+/, '')
  if (found === edge || found === edge + end) return undefined
  const other = match(WITH_ESCAPES, text, at)
  if (other !== undefined && other.length !== found.length && !edge.startsWith("''"))
    return { length: text.length - at, by: edge + REDACTED }
  const closed = found.length > edge.length && found.endsWith(end)
  return { length: found.length, by: edge + REDACTED + (closed ? end : '') }
}

function valueAt(text: string, at: number, isParameter: boolean): Value | undefined {
  const place = match(PLACE, text, at)
  if (place !== undefined) return { length: place.length, by: place, open: true }
  const done = match(DONE, text, at)
  if (done !== undefined) return undefined
  const quoted = quotedAt(text, at)
  if (quoted || match(/''/y, text, at) !== undefined) return quoted
  const [double, slashes = ''] = /^(\\*)"/.exec(text.slice(at, at + 20)) ?? []
  if (double !== undefined) {
    let end = at + double.length
    for (; end < text.length; end++) {
      if (text.startsWith(double, end) && (slashes !== '' || !isEscaped(text, end))) break
    }
    if (end === at + double.length) return undefined
    return { length: Math.min(end + double.length, text.length) - at, by: double + REDACTED + (end < text.length ? double : '') }
  }
  const found = match(isParameter ? PARAMETER : BARE, text, at)
  if (found === undefined) return undefined
  const kept = /[)"',;\]}]*$/.exec(found)?.[0] ?? ''
  const length = found.length - kept.length
  return length === 0 || /^(?:null|default|on|off|true|false)$/i.test(found.slice(0, length)) ? undefined : { length, by: REDACTED }
}

function isEscaped(text: string, at: number): boolean {
  let before = at
  while (text[before - 1] === '\\') before--
  return (at - before) % 2 === 1
}
