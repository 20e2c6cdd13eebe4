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
])('reads %s', (text, expected) => {
  expect(parseAddress(text)).toMatchObject({ ok: true, value: expected })
})

it.each([
  ['', 'reads postgresql://'],
  ['db.example.org', 'reads postgresql://'],
  ['mysql://ada@db.example.org/lms', 'reads postgresql://'],
  ['postgresql://ada:100%@db.example.org/lms', 'reads postgresql://'],
  ['postgresql://ada@a,b/lms', 'One host'],
  ['host=a,b user=ada', 'One host'],
  ['host=a port=70000', 'no port'],
  ["host=a password='open", 'reads postgresql://'],
  ['host=a sslmode=yes', 'sslmode is one of'],
])('refuses %j in words', (text, words) => {
  expect(parseAddress(text)).toMatchObject({ ok: false, problem: { kind: 'invalid_input', message: expect.stringContaining(words) } })
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
})
