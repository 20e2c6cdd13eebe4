import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { CHECKOUT, readSettings, SETTING_NAMES } from './settings'

describe('settings', () => {
  it('has defaults for everything, and an empty variable is not set', () => {
    expect(readSettings({ PORT: '', DATABASE_URL: '' })).toEqual({
      PORT: 3000,
      HOST: '127.0.0.1',
      PROCTOR_SAMPLE: 'on',
      PROCTOR_SAMPLE_SCALE: 1,
      PROCTOR_SAMPLE_PARTITIONS: 'off',
      PROCTOR_WORKER: 'on',
      PROCTOR_HEAVY_RUNS: 1,
      PROCTOR_SAMPLING: 'on',
      PROCTOR_SAMPLING_ACTIVITY: 10,
      PROCTOR_SAMPLING_STATEMENTS: 60,
      PROCTOR_SAMPLING_EXAMPLES: 'on',
      PROCTOR_RETENTION_10S: 1,
      PROCTOR_RETENTION_1M: 3,
      PROCTOR_RETENTION_10M: 10,
      PROCTOR_RETENTION_1H: 60,
      PROCTOR_RETENTION_1D: 400,
    })
  })

  it.each([
    [{ PORT: 'web' }, 'PORT: must be a port number'],
    [{ PORT: '70000' }, /^PORT: /],
    [{ DATABASE_URL: 'mysql://x' }, /^DATABASE_URL: A connection string reads postgresql:/],
    [{ DATABASE_URL: 'hots=db.example.org' }, 'DATABASE_URL: A connection string has no keyword "hots"'],
    [{ DATABASE_URL: 'service=prod' }, 'DATABASE_URL: Leave service out'],
    [
      { PROCTOR_DATABASE_URL: 'postgresql://a@b/c?sslmod=verify-full' },
      'PROCTOR_DATABASE_URL: A connection string has no keyword "sslmod"',
    ],
    [{ PROCTOR_DATABASE_URL: 'host=a' }, 'PROCTOR_DATABASE_URL: must be an address such as postgresql:'],
    [{ PROCTOR_POSTGRES_BIN: 'postgresql/18/bin' }, /^PROCTOR_POSTGRES_BIN: must be the absolute path/],
    [{ PROCTOR_SAMPLE: 'no' }, 'PROCTOR_SAMPLE: must be on or off'],
    [{ PROCTOR_SAMPLE_PARTITIONS: '1' }, 'PROCTOR_SAMPLE_PARTITIONS: must be on or off'],
    [{ PROCTOR_RETENTION_1M: 'a week' }, 'PROCTOR_RETENTION_1M: must be a number of days'],
    [{ PROCTOR_SAMPLING_ACTIVITY: '0' }, /^PROCTOR_SAMPLING_ACTIVITY: /],
    [{ PROCTOR_HEAVY_RUNS: '0' }, /^PROCTOR_HEAVY_RUNS: /],
    [{ PROCTOR_SECRET: 'short' }, 'PROCTOR_SECRET: must have at least 32 characters'],
    [{ PROCTOR_OIDC_ISSUER: 'http://login.example.org' }, /^PROCTOR_OIDC_ISSUER: must be an https address/],
    [{ PROCTOR_OIDC_ISSUER: 'https://login.example.org' }, 'PROCTOR_OIDC_CLIENT_ID: is needed with PROCTOR_OIDC_ISSUER'],
    [{ PROCTOR_OIDC_DOMAINS: 'example.org' }, 'PROCTOR_OIDC_ISSUER: is needed with PROCTOR_OIDC_DOMAINS'],
    [{ PROCTOR_OIDC_DOMAINS: 'example.org, @' }, 'PROCTOR_OIDC_DOMAINS: must be domains such as'],
    [{ PROCTOR_OIDC_ROLES: 'dba=operator,boss=owner' }, 'PROCTOR_OIDC_ROLES: must be pairs such as dba=operator'],
    [{ PROCTOR_OIDC_SCOPES: 'email' }, 'PROCTOR_OIDC_SCOPES: must name at least openid and email'],
  ])('names what is wrong in %j', (environment, message) => {
    expect(() => readSettings(environment)).toThrow(message)
  })

  it('takes every connection string that libpq takes and Proctor can honour', () => {
    for (const text of ['host=/var/run/postgresql dbname=lms', 'postgresql://ada:pa#ss@db.example.org/lms', 'postgresql://%2Ftmp/lms']) {
      expect(readSettings({ DATABASE_URL: text }).DATABASE_URL).toBe(text)
    }
  })

  it('names every wrong variable at once', () => {
    expect(() => readSettings({ PORT: 'x', PROCTOR_SAMPLE: 'x' })).toThrow(/PORT: .*\n.*PROCTOR_SAMPLE: /)
  })
})

/** Name and default of each variable, as docs/configuration.md has them: `PORT`, `HOST` | … | `3000`, `127.0.0.1`. */
function documented(): Map<string, string | undefined> {
  const rows = readFileSync(path.join(CHECKOUT, 'docs/configuration.md'), 'utf8').matchAll(/^\| (`[A-Z][^|]*) \|.*\|([^|]*)\|$/gm)
  const quoted = (cell = ''): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word)
  return new Map([...rows].flatMap(([, names, defaults]) => quoted(names).map((name, at) => [name, quoted(defaults)[at]] as const)))
}

/** What is a variable of the console, though no setting of it: a command's, tests', benches', and what one process tells another. */
const NO_SETTINGS = [
  'PROCTOR_BACKUP_PASSPHRASE',
  'PROCTOR_DEVELOPMENT',
  'PROCTOR_CONSOLE_URL',
  'PROCTOR_CONSOLE_POOLS',
  'PROCTOR_SAMPLE_URL',
  'PROCTOR_BENCH_KEEP',
]

describe('docs/configuration.md', () => {
  it('has every setting, with its default', () => {
    const defaults = Object.entries(readSettings({})).map(([name, value]) => [name, String(value)] as const)
    const document = documented()
    expect([...document.keys()].sort()).toEqual([...SETTING_NAMES, 'PROCTOR_BACKUP_PASSPHRASE'].sort())
    expect(defaults.filter(([name, value]) => document.get(name) !== value)).toEqual([])
  })

  it('has every variable that the code reads', () => {
    const files = ['app', 'bin', 'components', 'db'].flatMap((room) =>
      readdirSync(path.join(CHECKOUT, room), { recursive: true, encoding: 'utf8' }).map((name) => path.join(CHECKOUT, room, name)),
    )
    const sources = files.filter((name) => /\.(ts|tsx|mjs)$/.test(name) && !/\.test\.tsx?$/.test(name))
    const read = sources.flatMap((name) =>
      [...readFileSync(name, 'utf8').matchAll(/\bPROCTOR_(?!TEST_)[A-Z0-9_]*[A-Z0-9]\b/g)].map(([word]) => word),
    )
    expect(new Set(read).size).toBeGreaterThan(20)
    expect([...new Set(read)].filter((name) => !SETTING_NAMES.includes(name) && !NO_SETTINGS.includes(name))).toEqual([])
  })
})
