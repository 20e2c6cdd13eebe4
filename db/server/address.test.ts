import { expect, it } from 'vitest'
import { parseAddress, tlsOptions } from './address'
import { targetFromUrl } from './target-url'

const PLAIN = { host: 'db.example.org', port: 5432, user: 'ada', database: 'lms', sslmode: 'prefer' }

it.each([
  ['postgresql://ada@db.example.org/lms', PLAIN],
  ['postgres://ada:p%40ss%2Fw%C3%B6rd@db.example.org:6432/lms', { ...PLAIN, port: 6432, password: 'p@ss/wörd' }],
  ['postgresql://ada@[::1]/l%20ms?sslmode=verify-full', { ...PLAIN, host: '::1', database: 'l ms', sslmode: 'verify-full' }],
  ['postgresql:///lms?host=/var/run/postgresql&user=ada', { ...PLAIN, host: '/var/run/postgresql' }],
  [
    'postgresql://ada@db.example.org/lms?sslmode=require&sslrootcert=/etc/ca.pem',
    { ...PLAIN, sslmode: 'require', sslrootcert: '/etc/ca.pem' },
  ],
  ['host=db.example.org user=ada dbname=lms sslmode=allow', PLAIN],
  [String.raw`host=db.example.org password='it\'s a \\ secret' user=ada dbname=lms`, { ...PLAIN, password: String.raw`it's a \ secret` }],
  ['postgresql://db.example.org', { ...PLAIN, user: 'postgres', database: 'postgres' }],
  ['postgresql://', { host: 'localhost', port: 5432, user: 'postgres', database: 'postgres', sslmode: 'prefer' }],
  ['postgresql://ada:pa#ss@db.example.org/lms', { ...PLAIN, password: 'pa#ss' }],
  ['postgresql://ada:12?4@db.example.org/lms', { ...PLAIN, password: '12?4' }],
  ['postgresql://ada@%2Fvar%2Frun%2Fpostgresql/lms', { ...PLAIN, host: '/var/run/postgresql' }],
  ['postgresql://ada@db.example.org/lms?connect_timeout=3&application_name=psql&keepalives=0&client_encoding=LATIN1', PLAIN],
  ['postgresql://ada@db.example.org/lms?channel_binding=prefer&target_session_attrs=any&options=', PLAIN],
  ['user=ada dbname=lms hostaddr=192.0.2.7', { ...PLAIN, host: '192.0.2.7' }],
  ['host=db.example.org user=ada dbname=lms requiressl=1', { ...PLAIN, sslmode: 'require' }],
  ['postgresql://ada@db.example.org/lms?ssl=true', { ...PLAIN, sslmode: 'require' }],
  ['postgresql://ada@db.example.org/lms?sslrootcert=system', { ...PLAIN, sslmode: 'verify-full', sslrootcert: 'system' }],
  ["host=db.example.org port=' +5432 ' user=ada dbname=lms", PLAIN],
])('reads %s', (text, expected) => {
  expect(parseAddress(text)).toMatchObject({ ok: true, value: expected })
})

it.each([
  ['db.example.org', 'reads postgresql://'],
  ['mysql://ada@db.example.org/lms', 'reads postgresql://'],
  ['postgresql://ada:100%@db.example.org/lms', 'write the sign itself as %25'],
  ['postgresql://ada@a,b/lms', 'one host'],
  ['host=a,b user=ada', 'one host'],
  ['host=a hostaddr=192.0.2.7', 'both given'],
  ['hostaddr=db.example.org', 'IP address'],
  ['host=@socket', 'abstract namespace'],
  ["host='a b'", 'directory of a socket'],
  ['host=a port=70000', 'from 1 to 65535'],
  ['host=a port=5e3', 'from 1 to 65535'],
  ['host=a port=0x10', 'from 1 to 65535'],
  ['postgresql://a:1,b:2/lms', 'one host'],
  ['host=a port=1,2', 'from 1 to 65535'],
  ['postgresql://ada:pass/word@db.example.org/lms', 'as %2F'],
  ["host=a password='open", 'reads postgresql://'],
  ['host=a sslmode=yes', 'sslmode must be one of'],
  ['host=a sslmode=no-verify', 'sslmode must be one of'],
  ["host=a sslmode=''", 'sslmode must be one of'],
  ['host=a sslrootcert=system sslmode=require', 'verify-full only'],
  ['service=prod', 'Leave service out'],
  ['hots=db1.example.org port=43218 user=postgres', 'no keyword "hots"'],
  ['postgresql://postgres@host/db?sslmod=verify-full', 'no keyword "sslmod"'],
  ['postgresql://postgres@host/db?channel_binding=require', 'Leave channel_binding out'],
  ['host=a passfile=/root/.pgpass', 'Leave passfile out'],
  ['host=a require_auth=scram-sha-256', 'Leave require_auth out'],
  ['host=a requirepeer=postgres', 'Leave requirepeer out'],
  ['host=a target_session_attrs=read-write', 'Leave target_session_attrs out'],
  ['host=a gssencmode=require', 'Leave gssencmode out'],
  ['host=a options=-csearch_path=x', 'Leave options out'],
  ['host=a sslcert=/c sslkey=/k', 'Leave sslcert out'],
  ['host=a sslcrl=/c', 'Leave sslcrl out'],
  ['host=a sslnegotiation=direct sslmode=require', 'Leave sslnegotiation out'],
  ['host=a ssl_min_protocol_version=TLSv1.3', 'Leave ssl_min_protocol_version out'],
  ['host=a replication=database', 'Leave replication out'],
])('refuses %j in words', (text, words) => {
  expect(parseAddress(text)).toMatchObject({ ok: false, problem: { kind: 'invalid_input', message: expect.stringContaining(words) } })
})

it('takes a string that is empty for one that leaves everything out, as libpq does', () => {
  expect(parseAddress('')).toMatchObject({ ok: true, value: { host: 'localhost', port: 5432 } })
})

it('asks for no more and no less of TLS than the mode says', () => {
  expect(tlsOptions('disable', 'pem', true)).toBe(false)
  expect(tlsOptions('prefer', 'pem', false)).toBe(false)
  expect(tlsOptions('prefer', 'pem', true)).toEqual({ rejectUnauthorized: false })
  expect(tlsOptions('require', 'pem', false)).toEqual({ rejectUnauthorized: false })
  expect(tlsOptions('verify-ca', 'pem', false)).toEqual({ ca: 'pem', checkServerIdentity: expect.any(Function) })
  expect(tlsOptions('verify-full', 'pem', false)).toEqual({ ca: 'pem' })
})

it('makes a target of a settings address, and throws on what is none', () => {
  const target = targetFromUrl('main', 'postgresql://ada:secret@db.example.org:6432/lms?sslmode=disable')
  expect(target).toEqual({
    serverId: 'main',
    host: 'db.example.org',
    port: 6432,
    user: 'ada',
    password: 'secret',
    database: 'lms',
    ssl: false,
  })
  expect(() => targetFromUrl('main', 'nonsense')).toThrow('connection string')
  expect(() => targetFromUrl('main', 'host=a sslmode=verify-ca')).toThrow('sslrootcert')
})

it('asks for no TLS through a Unix socket, whatever the mode, as libpq', () => {
  expect(targetFromUrl('main', 'host=/var/run/postgresql sslmode=verify-full').ssl).toBe(false)
})
