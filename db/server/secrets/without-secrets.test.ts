import process from 'node:process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ORDINARY, SECRET, STATEMENTS } from './corpus'
import { settingWithoutSecrets, statementWithoutSecrets, textWithoutSecrets } from './without-secrets'

describe('a statement without its secrets', () => {
  it.each(Object.entries(STATEMENTS))('%s', (_, sql) => {
    expect(sql).toContain(SECRET)
    const clean = statementWithoutSecrets(sql)
    expect(clean).not.toContain(SECRET)
    expect(clean).toContain('[redacted]')
    expect(statementWithoutSecrets(clean)).toBe(clean)
  })
  it.each(ORDINARY)('%s', (sql) => expect(statementWithoutSecrets(sql)).toBe(sql))

  it('withholds too much of a literal before too little', () => {
    const of = (sql: string) => statementWithoutSecrets(sql)
    expect(of(`ALTER ROLE bob PASSWORD 'x' VALID UNTIL 'y'`)).toBe(`ALTER ROLE bob PASSWORD '[redacted]' VALID UNTIL 'y'`)
    expect(of(`ALTER ROLE bob PASSWORD $a$x$a$ LOGIN`)).toBe('ALTER ROLE bob PASSWORD $a$[redacted]$a$ LOGIN')
    expect(of(`CREATE SUBSCRIPTION s CONNECTION 'host=h password=x user=u'`)).toBe(
      `CREATE SUBSCRIPTION s CONNECTION 'host=h password=[redacted] user=u'`,
    )
    expect(of(`CREATE USER MAPPING FOR b SERVER s OPTIONS (user 'u', password 'x')`)).toBe(
      `CREATE USER MAPPING FOR b SERVER s OPTIONS (user 'u', password '[redacted]')`,
    )
    expect(of(`DO $$ BEGIN EXECUTE 'ALTER ROLE b PASSWORD ''x'''; SELECT 'y'; END $$`)).toBe(
      `DO $$ BEGIN EXECUTE 'ALTER ROLE b PASSWORD ''[redacted]'''; SELECT 'y'; END $$`,
    )
    expect(of(`select 'postgresql://u:x@h/d', 'a@b'`)).toBe(`select 'postgresql://u:[redacted]@h/d', 'a@b'`)
    expect(of('/*password=x*/select 1')).toBe('/*password=[redacted]*/select 1')
    expect(of('select 1 /* password = x */, 2')).toBe('select 1 /* password = [redacted] */, 2')
    expect(of(`insert into t (a, password, b) values ('x', 'y', 'z')`)).toBe(
      `insert into t (a, password, b) values ('x', '[redacted]', 'z')`,
    )
  })
})

/** Not among the forms: where the text is cut before the name, nothing tells what the value was. */
describe('a value whose name comes after it', () => {
  const of = (sql: string) => statementWithoutSecrets(sql)
  it('is withheld, whatever it was made of, and its neighbours are not', () => {
    expect(of(`CREATE TABLE k AS SELECT 'note' AS note, 'x'::text AS api_token FROM t WHERE a = 'y'`)).toBe(
      `CREATE TABLE k AS SELECT 'note' AS note, '[redacted]'::text AS api_token FROM t WHERE a = 'y'`,
    )
    expect(of(`SELECT 'a', concat('b', upper('x')) AS "password"`)).toBe(
      `SELECT 'a', concat('[redacted]', upper('[redacted]')) AS "password"`,
    )
    expect(of(`select (select 'x') as secret, 'y'`)).toBe(`select (select '[redacted]') as secret, 'y'`)
    expect(of(`select 'a' from t as tokens`)).toBe(`select 'a' from t as tokens`)
  })
})

/** Letters that are not in the forms, and those that end literals, addresses and words. */
const plainSecret = fc.string({ unit: fc.constantFrom(...'ßЖ漢ŁQZ7Ø'), minLength: 6, maxLength: 20 })
const anySecret = fc
  .array(fc.constantFrom(...'ßЖ漢ŁQZ7Ø', "'", '"', '\\', '$', ' ', ';', ')', ',', '--', '/*', '@', '%', '&', '\n'), {
    minLength: 4,
    maxLength: 20,
  })
  .map((letters) => `Ж漢${letters.join('')}ŁØ`)

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`
const escaped = (text: string) => `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
const dollars = (text: string) => `$q1$${text}$q1$`
const LITERALS = [quoted, escaped, dollars]
const conninfo = (text: string) => `host=h password='${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}' user=u`
const PLACES: ((literal: (text: string) => string, secret: string) => string)[] = [
  (literal, secret) => `ALTER ROLE bob PASSWORD ${literal(secret)} VALID UNTIL 'x'`,
  (literal, secret) => `select 1; ALTER USER MAPPING FOR b SERVER s OPTIONS (SET password ${literal(secret)})`,
  (literal, secret) => `CREATE SUBSCRIPTION s CONNECTION ${literal(conninfo(secret))} PUBLICATION p`,
  (literal, secret) => `select dblink_exec('c', ${literal(`ALTER ROLE bob PASSWORD ${quoted(secret)}`)})`,
  (literal, secret) => `do ${dollars(`begin execute ${quoted(`alter role b password ${quoted(secret)}`)}; perform ${literal('x')}; end`)}`,
  (literal, secret) => `select pgp_sym_encrypt('x', ${literal(secret)}), 'kept'`,
  (literal, secret) => `update t set token = ${literal(secret)} where a = 'b'`,
  (literal, secret) => `insert into t (a, secret) values ('b', ${literal(secret)}), ('c', ${literal(secret)})`,
  (literal, secret) => `update t set doc = ${literal(JSON.stringify({ a: 'b', password: secret }))}`,
]
/** Parts of it that a reader would recognise. */
const parts = (secret: string) => secret.split(/[^ßЖ漢ŁQZ7Ø]+/).filter((part) => part.length > 2)

describe('a random secret', () => {
  it('never survives in any of the forms, wherever the text is cut', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.entries(STATEMENTS)), plainSecret, fc.nat(30), ([name, form], secret, cut) => {
        const sql = form.replaceAll(SECRET, secret)
        // The one whose name comes after it cannot be told once that is gone.
        for (const text of name.endsWith('the other way') ? [sql] : [sql, sql.slice(0, Math.max(sql.length - cut, 0))]) {
          const clean = statementWithoutSecrets(text)
          // What is left of it after a cut may be too short to tell.
          for (let length = 5; length <= secret.length; length++) expect(clean).not.toContain(secret.slice(0, length))
        }
      }),
      { numRuns: 3_000 },
    )
  })

  it('never survives quotes, backslashes and what ends a word in it', () => {
    fc.assert(
      fc.property(fc.constantFrom(...PLACES), fc.constantFrom(...LITERALS), anySecret, (place, literal, secret) => {
        const clean = statementWithoutSecrets(place(literal, secret))
        for (const part of parts(secret)) expect(clean).not.toContain(part)
      }),
      { numRuns: 5_000 },
    )
  })

  it('never survives in what is no statement', () => {
    for (const text of [
      (secret: string) => `host=h password=${secret} user=u`,
      (secret: string) => `could not connect to "postgres://u:${secret}@h/d": refused`,
      (secret: string) => `can't do this: ALTER ROLE bob PASSWORD '${secret}'`,
      (secret: string) => `it's that the statement "ALTER ROLE b PASSWORD $$${secret}$$" failed`,
      (secret: string) => `ERROR:  invalid\nDETAIL:  connecting by "password='${secret}' user=u"`,
      (secret: string) => `PGPASSWORD=${secret} pg_receivewal`,
      (secret: string) => `{"a":1,"token":"${secret}"}`,
      (secret: string) => `password=${secret}`,
    ]) {
      fc.assert(fc.property(plainSecret, (secret) => !textWithoutSecrets(text(secret)).includes(secret)))
    }
  })
})

describe('any text', () => {
  const word = fc.constantFrom(
    'select',
    'a',
    'from',
    'where',
    '=',
    '||',
    '(',
    ')',
    ',',
    ';',
    'password',
    "'",
    "''",
    '$$',
    '$1',
    '\\',
    'E',
    '--',
    '/*',
    '*/',
    '"',
    'token',
    ':=',
    '\n',
    'x',
    '://',
    '@',
    '%s',
    '{',
    'values',
    'insert into',
  )
  it('throws nothing and settles, whatever it is made of', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 40 }), fc.constantFrom('', ' '), (words, between) => {
        const once = statementWithoutSecrets(words.join(between))
        textWithoutSecrets(words.join(between))
        // What is no statement may be read otherwise once a value is gone from it; then it has settled.
        const twice = statementWithoutSecrets(once)
        expect(statementWithoutSecrets(twice)).toBe(twice)
      }),
      { numRuns: 3_000 },
    )
  })

  it('without a word of secrets comes back byte for byte', () => {
    const harmless = fc.array(
      fc.oneof(
        word.filter((one) => !/password|token|:\/\//.test(one)),
        fc.string({ unit: 'binary', maxLength: 8 }),
      ),
      { maxLength: 30 },
    )
    fc.assert(
      fc.property(harmless, (words) => {
        const text = words.join(' ')
        fc.pre(!/pass|pwd|pw|secret|token|key|credential|auth/i.test(text))
        expect(statementWithoutSecrets(text)).toBe(text)
      }),
      { numRuns: 3_000 },
    )
  })

  it('takes time by its length, not by its square', () => {
    for (const part of [
      "password = '",
      "''",
      '$$',
      '/*',
      'password ',
      "\\'",
      '(',
      'token=x ',
      'postgresql://',
      '"password":"',
      '%s',
      "E'",
      'a.',
    ]) {
      const begin = process.cpuUsage()
      statementWithoutSecrets(part.repeat(100_000 / part.length))
      const { user, system } = process.cpuUsage(begin) // µs; how busy the machine is counts for nothing
      expect(user + system).toBeLessThan(3_000_000)
    }
  })
})

it('withholds the whole of a setting that is a secret by its name', () => {
  expect(settingWithoutSecrets('app.jwt_secret', 'x')).toBe('[redacted]')
  expect(settingWithoutSecrets('ssl_passphrase_command', 'echo x')).toBe('[redacted]')
  expect(settingWithoutSecrets('primary_conninfo', 'host=h password=x')).toBe('host=h password=[redacted]')
  for (const [name, value] of [
    ['password_encryption', 'scram-sha-256'],
    ['log_line_prefix', '%t [%p]: user=%u,db=%d,app=%a,client=%h '],
    ['passwordcheck.min_length', '8'],
    ['app.token', ''],
  ] as const) {
    expect(settingWithoutSecrets(name, value)).toBe(value)
  }
})
