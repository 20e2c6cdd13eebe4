import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { READS } from '../db/reads/registry'
import { type TestDatabase, testDatabase } from '../test/support/test-database'
import { keptName } from './kept-names'
import { NAMED_READS, SUMS } from './read-rows'

/**
 * The names that scripts know, one `read.field` a line, fields of lists in brackets. A line is never taken away: names are added, and
 * PROCTOR_KEEP_NAMES=1 writes down those that are new.
 */
const KEPT = path.join(import.meta.dirname, 'read-fields.txt')

interface Schema {
  def: { type: string; shape?: Record<string, Schema>; element?: Schema; innerType?: Schema; valueType?: Schema; in?: Schema }
}

/** Every field of a schema, with those of what is in it. */
function fieldsOf({ def }: Schema, at: string): string[] {
  if (def.shape)
    return Object.entries(def.shape).flatMap(([name, of]) => [`${at}.${keptName(name)}`, ...fieldsOf(of, `${at}.${keptName(name)}`)])
  if (def.element) return fieldsOf(def.element, `${at}[]`)
  const inner = def.innerType ?? def.in
  return inner ? fieldsOf(inner, at) : []
}

/** The same of what was printed. */
function fieldsIn(value: unknown, at: string): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => fieldsIn(one, `${at}[]`))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, of]) => [`${at}.${name}`, ...fieldsIn(of, `${at}.${name}`)])
}

describe('what scripts get of the command line', () => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await testDatabase(18)
    await db.client.query(`
      create extension if not exists pg_stat_statements;
      create table parent (id int primary key);
      create table child (id int primary key, p int references parent);
      create index child_p on child (p);
      create table lacking (p int constraint lacking_p references parent)`)
  })
  afterAll(() => db.drop())

  const printed = async (name: string, param: Record<string, unknown> = {}) => {
    const found = await NAMED_READS.find((known) => known.name === name)?.rows(db.target, { param })
    if (!found?.ok) throw new Error(`${name}: ${found?.problem.message}`)
    return JSON.parse(JSON.stringify(found.value.rows)) as Record<string, unknown>[]
  }
  const oidOf = async (index: string) => (await db.client.query('select $1::regclass::oid::int as oid', [index])).rows[0].oid

  it('loses no field that it ever had', async () => {
    const sums = NAMED_READS.filter(({ name }) => SUMS[name] || !READS.some((read) => read.name === name))
    expect(sums.map(({ name }) => name).sort()).toEqual(['foreign-keys-without-index', 'index-detail', 'index-health', 'statements'])
    const params: Record<string, Record<string, unknown>> = {
      'index-detail': { indexrelid: await oidOf('child_p') },
      statements: { showtext: true, dbid: null },
    }
    // What is null or empty below has its fields by the schema; index-health prints none of its own read's.
    const present = new Set(
      READS.filter(({ name }) => name !== 'index-health').flatMap(({ name, row }) => fieldsOf(row as unknown as Schema, name)),
    )
    for (const { name } of sums) {
      const rows = await printed(name, params[name])
      expect(rows.length, name).toBeGreaterThan(0)
      for (const row of rows) for (const field of fieldsIn(row, name)) present.add(field)
    }
    const kept = readFileSync(KEPT, 'utf8').trim().split('\n')
    if (process.env.PROCTOR_KEEP_NAMES) writeFileSync(KEPT, `${[...new Set([...kept, ...present])].sort().join('\n')}\n`)
    expect(kept.filter((field) => !present.has(field))).toEqual([])
    expect([...present].filter((field) => !kept.includes(field)).sort()).toEqual([])
  })

  it('has of an index the foreign keys that it serves, and those that nothing else would', async () => {
    const key = { conname: 'child_p_fkey', referenced: 'public.parent', on_delete: 'no action' }
    const detail = async () => (await printed('index-detail', { indexrelid: await oidOf('child_p') }))[0]
    expect(await detail()).toMatchObject({ foreign_keys: [key], sole_for: ['child_p_fkey'] })
    await db.client.query('create index child_p_too on child (p, id)')
    await expect.poll(detail).toMatchObject({ foreign_keys: [key], sole_for: [] })
    const pkey = await printed('index-detail', { indexrelid: await oidOf('child_pkey') })
    expect(pkey).toMatchObject([{ foreign_keys: [], sole_for: [] }])
  })

  it('has of a foreign key without an index the names that a new one cannot take', async () => {
    await db.client.query('create index lacking_other on lacking ((p + 1))')
    await expect.poll(() => printed('foreign-keys-without-index')).toMatchObject([{ conname: 'lacking_p', taken: ['lacking_other'] }])
  })
})
