import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { whyRefused } from './connection-keywords'
import { readConnectionString } from './connection-string'

/** Strings, and what PQconninfoParse of libpq 18 makes of each: the keywords with their values, or null where it gives an error. */
const CORPUS: [text: string, libpq: Record<string, string> | null][] = JSON.parse(
  await readFile('test/support/connection-strings.json', 'utf8'),
)

/** What libpq gives as well: the keywords, where all of them are its own. */
function readAsLibpq(text: string): Record<string, string> | null {
  const read = readConnectionString(text)
  if (!read.ok) return null
  const unknown = [...read.value].some(([keyword, value]) => whyRefused(keyword, value)?.includes('has no keyword'))
  return unknown ? null : Object.fromEntries(read.value)
}

it.each(CORPUS)('reads %j as libpq does', (text, libpq) => {
  expect(readAsLibpq(text)).toEqual(libpq)
})

it('knows every keyword of libpq, and no other', () => {
  // PQconndefaults of libpq 18
  const libpq =
    'service user password passfile channel_binding connect_timeout dbname host hostaddr port client_encoding options application_name fallback_application_name keepalives keepalives_idle keepalives_interval keepalives_count tcp_user_timeout sslmode sslnegotiation sslcompression sslcert sslkey sslcertmode sslpassword sslrootcert sslcrl sslcrldir sslsni requirepeer require_auth min_protocol_version max_protocol_version ssl_min_protocol_version ssl_max_protocol_version gssencmode krbsrvname gsslib gssdelegation replication target_session_attrs load_balance_hosts scram_client_key scram_server_key oauth_issuer oauth_client_id oauth_client_secret oauth_scope sslkeylogfile'
  for (const keyword of libpq.split(' ')) expect(whyRefused(keyword, 'x') ?? '', keyword).not.toContain('has no keyword')
  for (const keyword of ['', 'hots', 'Host', 'ssl', 'constructor', '__proto__', 'toString', 'schema', 'pgbouncer']) {
    expect(whyRefused(keyword, 'x'), keyword).toContain('has no keyword')
  }
})

it.each([
  ['postgresql://a:%ff@host/db', 'not UTF-8'], // bytes that a string of ours cannot hold
  ['host=a\0b', 'NUL'],
  ['host=\ud800', 'NUL'],
])('refuses %j, which no name or password of ours can hold', (text, words) => {
  expect(readConnectionString(text)).toMatchObject({ ok: false, problem: { message: expect.stringContaining(words) } })
})

it('keeps every value out of what it says', () => {
  const secret = 'not-the-password-7251'
  const wrong = [`host=a password='${secret}`, `postgresql://a:${secret}%zz@b/c`, `postgresql://a:${secret} x@b/c`, `password=${secret} x`]
  for (const text of wrong) {
    expect(readConnectionString(text).ok, text).toBe(false)
    expect(JSON.stringify(readConnectionString(text)), text).not.toContain(secret)
  }
})
