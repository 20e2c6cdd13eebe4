import { failed, ok, type Result } from './problem'

/** What a connection string says, by libpq's keyword; one that is said twice has its last value, as in libpq. */
export type ConnectionWords = Map<string, string>

const URI = /^postgres(?:ql)?:\/\//

/** Thrown where libpq's own parser gives up, caught by readConnectionString. */
class Malformed extends Error {}

/**
 * Reads a connection string by the grammar of libpq 18 (manual, 34.1.1; conninfo_parse and conninfo_uri_parse in fe-connect.c): the
 * URI, or keyword = value pairs. Which keywords there are, and what they mean, is not its matter.
 *
 * Our own, because pg-connection-string and every parser that rests on WHATWG's URL reads another language: it cuts at a raw # or ?
 * of a password, refuses %2F in a host, takes a list of hosts for a name, and knows nothing of keyword = value pairs.
 * Errors: invalid_input with what is wrong, without any of the values: a password may be among them.
 */
export function readConnectionString(text: string): Result<ConnectionWords> {
  if (text.includes('\0') || !text.isWellFormed()) return failed('invalid_input', 'A connection string is text without NUL')
  try {
    return ok(URI.test(text) ? ofUri(text.replace(URI, '')) : ofPairs(text))
  } catch (error) {
    if (error instanceof Malformed) return failed('invalid_input', error.message)
    throw error
  }
}

/** requiressl is an old spelling, which libpq still takes. */
function put(words: ConnectionWords, keyword: string, value: string): void {
  if (keyword === 'requiressl') words.set('sslmode', value.startsWith('1') ? 'require' : 'prefer')
  else words.set(keyword, value)
}

/** [user[:password]@][host[:port]][,…][/dbname][?keyword=value…]; a # or a ? before the @ belongs to user or password. */
function ofUri(text: string): ConnectionWords {
  const words: ConnectionWords = new Map()
  const store = (keyword: string, raw: string) => raw !== '' && words.set(keyword, percentDecoded(raw))
  let rest = text
  const credentials = /^([^@/]*)@/.test(text) && /^([^:@]*)(?::([^@]*))?@/s.exec(text)
  if (credentials) {
    store('user', credentials[1] ?? '')
    store('password', credentials[2] ?? '')
    rest = text.slice(credentials[0].length)
  }
  const hosts: string[] = []
  const ports: string[] = []
  let more = true
  while (more) {
    const host = /^\[([^\]]*)\](?=[:/?,]|$)|^(?!\[)([^:/?,]*)/.exec(rest)
    if (!host || host[1] === '') throw new Malformed('An IPv6 address stands in brackets: postgresql://[::1]:5432/database')
    rest = rest.slice(host[0].length)
    const port = /^:([^/?,]*)/.exec(rest)
    rest = rest.slice(port?.[0].length ?? 0)
    hosts.push(host[1] ?? host[2] ?? '')
    ports.push(port?.[1] ?? '')
    more = rest.startsWith(',')
    if (more) rest = rest.slice(1)
  }
  store('host', hosts.join(','))
  store('port', ports.join(','))
  const [, dbname = '', parameters = ''] = /^(?:\/([^?]*))?(?:\?(.*))?$/s.exec(rest) ?? []
  store('dbname', dbname)
  for (const [keyword, value] of parametersOf(parameters)) put(words, keyword, value)
  return words
}

function parametersOf(text: string): [string, string][] {
  const pairs = text.replace(/&$/, '').split('&')
  return (text === '' ? [] : pairs).map((pair) => {
    const [keyword, value, ...more] = pair.split('=')
    if (value === undefined || more.length > 0)
      throw new Malformed('Each parameter after the ? reads keyword=value; write = in a value as %3D')
    // JDBC's word for it, which libpq takes in a URI
    const [name, said] = [percentDecoded(keyword ?? ''), percentDecoded(value)]
    return name === 'ssl' && said === 'true' ? ['sslmode', 'require'] : [name, said]
  })
}

/** Blanks around it are left out, one within it is an error; what stands as %xx is bytes of UTF-8. */
function percentDecoded(raw: string): string {
  const text = raw.replace(/^ +| +$/g, '')
  if (text.includes(' ')) throw new Malformed('A blank in the address; write it as %20')
  if (/%(?![0-9a-f]{2})/i.test(text)) throw new Malformed('A % without two hexadecimal digits after it; write the sign itself as %25')
  const bytes = Buffer.from(text, 'utf8').toString('latin1')
  const decoded = bytes.replaceAll(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
  if (decoded.includes('\0')) throw new Malformed('%00 is in no name and no password')
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(decoded, 'latin1'))
  } catch {
    throw new Malformed('What stands as %xx is not UTF-8')
  }
}

const PAIR = /[ \t\n\v\f\r]*([^= \t\n\v\f\r]*)[ \t\n\v\f\r]*=[ \t\n\v\f\r]*(?:'((?:\\.|[^'\\])*)'|(?!')((?:\\.|\\$|[^\\ \t\n\v\f\r])*))/sy
const NOTHING_MORE = /[ \t\n\v\f\r]*$/y

/** A value with blanks stands in single quotes; a backslash keeps what is after it. `host= user=ada` has the host "user=ada". */
function ofPairs(text: string): ConnectionWords {
  const words: ConnectionWords = new Map()
  for (let at = 0; ; at = PAIR.lastIndex) {
    NOTHING_MORE.lastIndex = at
    if (NOTHING_MORE.test(text)) return words
    PAIR.lastIndex = at
    const found = PAIR.exec(text)
    if (!found) throw new Malformed('A connection string reads postgresql://user@host:5432/database, or host=… user=… dbname=…')
    const [, keyword = '', quoted, bare = ''] = found
    put(words, keyword, (quoted ?? bare).replaceAll(/\\(.?)/gs, '$1'))
  }
}
