import { spawn } from 'node:child_process'
import path from 'node:path'
import process from 'node:process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../test/support/test-database'

interface Said {
  code: number | null
  stdout: string
  stderr: string
}

function proctor(...args: string[]): Promise<Said> {
  const child = spawn(process.execPath, ['--import', './bin/modules.mjs', path.join(import.meta.dirname, 'proctor.ts'), ...args], {
    env: { ...process.env, DATABASE_URL: '' },
  })
  const said = { stdout: '', stderr: '' }
  child.stdout.on('data', (text) => (said.stdout += text))
  child.stderr.on('data', (text) => (said.stderr += text))
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, ...said })))
}

const HOSTILE = '<img onerror> "; drop table t; --'

// The reads are tested on every major beside themselves; here the oldest and the newest will do.
describe.each([14, 18] as const)('the command line on PostgreSQL %i', (major) => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await testDatabase(major)
    await db.client.query(`create table t (id int primary key, a int); create index "${HOSTILE.replaceAll('"', '""')}" on t (a); analyze t`)
  })
  afterAll(() => db.drop())

  it('finds nothing, then one thing, and says so by its exit status', async () => {
    expect(await proctor('check', 'index-redundant', '--url', db.url)).toEqual({ code: 0, stdout: 'Nothing found.\n', stderr: '' })
    await db.client.query('create index again on t (a)')
    const found = await proctor('check', '--json', '--url', db.url)
    expect(found).toMatchObject({ code: 1, stderr: '' })
    const ofIndexes = JSON.parse(found.stdout).filter(({ check }: { check: string }) => check.startsWith('index-'))
    // Scripts know the request of the command by the name that it had when it was first printed.
    const known = { check: 'index-redundant', relname: 'again', mend: null, sql: 'DROP INDEX CONCURRENTLY public.again;' }
    expect(ofIndexes).toMatchObject([known])
    expect(ofIndexes[0]).not.toHaveProperty('fix')
    const table = await proctor('check', 'index-redundant', '--url', db.url)
    expect(table.stdout).toMatch(/^check +severity +title .*\nindex-redundant +warn +public\.again is redundant/)
    expect(await proctor('check', 'index-invalid', '--url', db.url)).toMatchObject({ code: 0 })
  })

  it('prints one object for each foreign key that no index serves', async () => {
    await db.client.query('create table parent (id int primary key); create table child (id int primary key, p int references parent)')
    const { code, stdout } = await proctor('read', 'foreign-keys-without-index', '--json', '--url', db.url)
    expect(code).toBe(0)
    const key = { conname: 'child_p_fkey', schemaname: 'public', relname: 'child', columns: ['p'], referenced: 'public.parent' }
    expect(JSON.parse(stdout)).toEqual([
      expect.objectContaining({ ...key, on_delete: 'no action', bytes: 0, reltuples: null, deleted: '0', partitioned: false }),
    ])
    await db.client.query('drop table child, parent')
  })

  it('prints one object for each index', async () => {
    const { code, stdout } = await proctor('read', 'index-health', '--json', '--url', db.url)
    expect(code).toBe(0)
    const rows = JSON.parse(stdout)
    expect(rows).toHaveLength(3)
    expect(rows.find(({ index }: { index: string }) => index === 'again')).toMatchObject({
      schema: 'public',
      table: 't',
      oid: expect.any(Number),
      bytes: 8192,
      bloat_bytes: 0,
      bloat_ratio: 0,
      trust: 'exact',
      reason: null,
      scans: 0,
      verdict: 'redundant',
      redundant_with: HOSTILE,
    })
  })

  it('runs any read, with parameters', async () => {
    const { rows } = await db.client.query("select 't_pkey'::regclass::oid::int as oid")
    const { code, stdout } = await proctor('read', 'index-detail', '--param', `indexrelid=${rows[0].oid}`, '--json', '--url', db.url)
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject([{ conname: 't_pkey', constraint_definition: 'PRIMARY KEY (id)' }])
  })

  it('says what the settings should be', async () => {
    const profile = ['--ram', '16GB', '--cpus', '4', '--storage', 'ssd', '--workload', 'oltp', '--connections', '200']
    const tune = (...args: string[]) => proctor('tune', '--url', db.url, ...profile, ...args)
    const table = await tune()
    expect(table).toMatchObject({ code: 1, stderr: '' })
    expect(table.stdout).toMatch(/^PostgreSQL \S+, 16 GB, 4 CPU, ssd, oltp, 200 connections\n/)
    expect(table.stdout).toMatch(/^effective_cache_size +4GB +12GB +1GB +reload +built-in default +Three quarters/m)
    expect((await tune('--sql')).stdout).toContain("ALTER SYSTEM SET effective_cache_size = '12GB';")
  })

  it('says what would fix it', async () => {
    const { code, stderr } = await proctor('read', 'statements', '--param', 'showtext=true', '--param', 'dbid=null', '--url', db.url)
    expect(code).toBe(2)
    expect(stderr).toMatch(/\. Fix: CREATE EXTENSION pg_stat_statements\n$/)
  })

  it('cannot look with a wrong password', async () => {
    const url = new URL(db.url)
    url.password = 'wrong'
    const { code, stdout, stderr } = await proctor('check', '--url', url.href)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^password authentication failed[^\n]*\n$/)
  })
})

describe('the command line', () => {
  it.concurrent.each([
    [['check', '--url', 'postgres://postgres:x@127.0.0.1:1/x'], /nothing listens on port 1\. Check listen_addresses/],
    [['check', '--url', 'nonsense'], /./],
    [['check'], /--url/],
    [['check', 'no-such', '--url', 'postgres://x@127.0.0.1:1/x'], /There is no check "no-such"/],
    [['read', 'no-such', '--url', 'postgres://x@127.0.0.1:1/x'], /There is no read "no-such"/],
    [['read', 'index-detail', '--param', 'x=1', '--url', 'postgres://x@127.0.0.1:1/x'], /no parameter "x"/],
    [['read', '--frob'], /unknown option/],
    [['tune', '--ram', 'lots'], /^--ram wants an amount/],
    [['tune', '--storage', 'tape'], /^--storage wants hdd, ssd/],
    [['tune', '--major', '18', '--url', 'postgres://x@127.0.0.1:1/x'], /^--major is for --conf-file/],
    [['tune', '--conf-file', 'postgresql.conf'], /^--conf-file needs --major/],
    [['tune', '--conf-file', '/no/such.conf', '--major', '18'], /^--conf-file \/no\/such\.conf cannot be read: ENOENT/],
    [['tune', '--conf-file', 'x', '--major', '18', '--url', 'postgres://x@127.0.0.1:1/x'], /^--conf-file is read without a server/],
    [['frob'], /unknown command/],
  ])('%j is one sentence on stderr, and 2', async (args, sentence) => {
    const { code, stdout, stderr } = await proctor(...args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(sentence)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })

  it('names what there is', async () => {
    expect((await proctor('read')).stdout).toContain('index-health')
    expect((await proctor('checks')).stdout).toContain('foreign-key-without-index')
    expect(await proctor('--help')).toMatchObject({ code: 0 })
  })
})
