/** The keywords of libpq that say where to go, and as whom: these are honoured. */
export const ADDRESS_KEYWORDS = new Set(['host', 'hostaddr', 'port', 'user', 'password', 'dbname', 'sslmode', 'sslrootcert'])

/**
 * Keywords that decide nothing about where the connection goes, as whom, or how safely: they are read and left alone. Name, time-outs
 * and encoding of the sessions are Proctor's own; the rest concerns ways in that it does not use (Kerberos, keep-alive details).
 */
const HARMLESS = new Set([
  'application_name',
  'fallback_application_name',
  'client_encoding',
  'connect_timeout',
  'keepalives',
  'keepalives_idle',
  'keepalives_interval',
  'keepalives_count',
  'tcp_user_timeout',
  'sslcompression',
  'krbsrvname',
  'gsslib',
  'gssdelegation',
])

const NO_CERTIFICATE = 'Proctor signs in by password, not by a client certificate'
const NO_OAUTH = 'Proctor signs in by password, not by OAuth'

/** For what libpq takes an empty value as well as none; of the others it is an error. */
const EMPTY = /^$/
const NO_VALUE = /(?!)/

/**
 * Keywords that would make the connection safer, or take it elsewhere, and that Proctor does not have: refused, but for the values that
 * ask for no more than it does anyway.
 */
const REFUSED: Record<string, { but?: RegExp; because: string }> = {
  service: { but: NO_VALUE, because: 'it names an entry in a file of another program; write host, port, user and dbname instead' },
  passfile: { because: 'Proctor reads no password file; give the password itself' },
  channel_binding: {
    but: /^(disable|prefer)$/,
    because:
      'Proctor binds to the channel wherever the server offers it, but has no way to insist; sslmode=verify-full is what keeps others out',
  },
  require_auth: { because: 'Proctor decides itself: no password in clear text or as MD5 without verified TLS' },
  requirepeer: { because: 'Proctor does not ask whose process is at the other end of a socket' },
  target_session_attrs: {
    but: /^(any|prefer-standby)$/,
    because: 'each server is added by itself, whatever its part; give the address of the one you mean',
  },
  load_balance_hosts: { but: /^disable$/, because: 'each server is added by itself' },
  gssencmode: { but: /^(disable|prefer)$/, because: 'Proctor has no GSSAPI encryption; use TLS' },
  options: { because: "the settings of the session are Proctor's own; set them for the role by ALTER ROLE … SET" },
  replication: { but: /^(false|off|no|0|)$/i, because: 'Proctor needs an ordinary session' },
  sslnegotiation: { but: /^postgres$/, because: 'Proctor asks the server for TLS first (sslnegotiation=postgres)' },
  sslcert: { because: NO_CERTIFICATE },
  sslkey: { because: NO_CERTIFICATE },
  sslpassword: { because: NO_CERTIFICATE },
  sslcertmode: { but: /^(disable|allow)$/, because: NO_CERTIFICATE },
  sslcrl: { because: 'Proctor reads no revocation lists' },
  sslcrldir: { because: 'Proctor reads no revocation lists' },
  sslsni: { but: /^1?$/, because: 'Proctor names the host in the TLS handshake' },
  sslkeylogfile: { because: 'Proctor writes no keys of a session down' },
  ssl_min_protocol_version: { but: /^(TLSv1|TLSv1\.1|TLSv1\.2)?$/i, because: 'Proctor takes TLS 1.2 or later' },
  ssl_max_protocol_version: { but: /^(TLSv1\.3)?$/i, because: 'Proctor takes the newest TLS that both sides know' },
  min_protocol_version: { but: /^3\.0$/, because: 'Proctor speaks version 3.0 of the protocol' },
  max_protocol_version: { but: /^(3\.0|3\.2|latest)$/, because: 'Proctor speaks version 3.0 of the protocol' },
  scram_client_key: { because: 'Proctor signs in by the password itself' },
  scram_server_key: { because: 'Proctor signs in by the password itself' },
  oauth_issuer: { because: NO_OAUTH },
  oauth_client_id: { because: NO_OAUTH },
  oauth_client_secret: { because: NO_OAUTH },
  oauth_scope: { because: NO_OAUTH },
}

/**
 * Why a keyword of a connection string cannot be taken; undefined for one that is honoured or harmless. libpq 18 knows those of the
 * three lists above and no other (manual, 34.1.2), and refuses the rest as well.
 */
export function whyRefused(keyword: string, value: string): string | undefined {
  if (ADDRESS_KEYWORDS.has(keyword) || HARMLESS.has(keyword)) return undefined
  const refused = Object.hasOwn(REFUSED, keyword) ? REFUSED[keyword] : undefined
  if (!refused) return `A connection string has no keyword "${keyword.slice(0, 60)}"`
  return (refused.but ?? EMPTY).test(value) ? undefined : `Leave ${keyword} out: ${refused.because}`
}
