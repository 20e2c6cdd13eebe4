import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KNOWN } from '../../test/support/test-command'
import { analyzeTable } from './analyze-table/command'
import type { CommandFacts } from './define-command'
import { dropLeftoverIndex } from './drop-leftover-index/command'
import type { RelationFacts } from './facts/load'
import type { Known } from './known'
import type { Plan } from './plan'
import { reindexIndex } from './reindex-index/command'
import { reindexTable } from './reindex-table/command'
import { nameOf } from './sql'
import { vacuumTable } from './vacuum-table/command'
import { inSteps, patienceOf } from './work'

const SERVER = {
  versionNum: 180_004,
  major: 18,
  version: '18.4',
  extensions: {},
  extensionSchemas: {},
  isSuperuser: true,
  role: 'dba',
  inRecovery: false,
  isPooled: false,
  inherits: true,
  dormant: [],
}

/** An index public.orders_pkey on public.orders, with what a test changes of it. */
function facts(
  schemaname: string,
  relname: string,
  change: Partial<RelationFacts> = {},
  known: Known = KNOWN,
): CommandFacts<RelationFacts> {
  const index = {
    indexrelid: 7,
    relid: 5,
    schemaname,
    relname,
    relfilenode: 7,
    relkind: 'i',
    indisvalid: true,
    indisexclusion: false,
    digest: '',
  }
  return {
    server: SERVER,
    object: { oid: 7, schemaname, relname, relfilenode: 7, relid: 5 },
    known,
    facts: {
      ...{
        oid: 7,
        digest: 'a digest',
        schemaname,
        relname,
        relkind: 'i',
        relfilenode: 7,
        relid: 5,
        table_schema: schemaname,
        table_name: 'orders',
        amname: 'btree',
      },
      ...{
        temporary: false,
        catalog: false,
        conname: null,
        indisvalid: true,
        indisreplident: false,
        indisexclusion: false,
        isattached: false,
      },
      ...{
        partitions: 0,
        owner: 'dba',
        may_use_schema: true,
        owner_may_use: true,
        may_maintain: true,
        may_vacuum: true,
        may_drop: true,
        tablespace: 'pg_default',
        directory: '',
      },
      ...{ data_directory: '/data', postmaster_start: 1, toast_indexes: [], indexes: [index], bytes: 1000, parts: { 7: 1000 } },
      ...change,
    },
  }
}

const statements = <T>(plan: { ok: true; value: { statements: T } } | { ok: false }) => (plan.ok ? plan.value.statements : undefined)

describe('the SQL of the commands', () => {
  const names = [
    'orders_pkey',
    'Orders',
    'x"; drop table users; --',
    '<img onerror=alert(1)>',
    "it's",
    'ä'.repeat(31),
    'select',
    '1st',
    '\\',
    '$$',
    '%I',
  ]
  it.each(names)('quotes %j', (name) => {
    const of = facts(name, name)
    expect(
      [
        reindexIndex.plan({ oid: 7, concurrently: true }, of),
        reindexIndex.plan({ oid: 7, concurrently: false }, of),
        reindexTable.plan({ oid: 7, concurrently: true }, of),
        vacuumTable.plan({ oid: 7, full: true, freeze: true, analyze: true, indexCleanup: 'auto' }, of),
        vacuumTable.plan({ oid: 7, full: false, freeze: false, analyze: false, indexCleanup: 'on', truncate: true, parallel: 0 }, of),
        dropLeftoverIndex.plan({ oid: 7 }, facts(name, `${name}_ccnew1`, { indisvalid: false })),
      ].map(statements),
    ).toMatchSnapshot()
  })

  it('names one thing, whatever the name: reading the quotes back gives it', () => {
    const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 63 }).filter((text) => !text.includes('\0'))
    fc.assert(
      fc.property(name, name, (schemaname, relname) => {
        const sql = nameOf({ schemaname, relname })
        const parts = [...sql.matchAll(/"((?:[^"]|"")*)"|([a-z_][a-z0-9_$]*)/gsu)]
        expect(parts.map(([whole]) => whole).join('.')).toBe(sql)
        expect(parts.map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain)).toEqual([schemaname, relname])
      }),
    )
  })

  it('is the same for the same facts', () => {
    const plan = () => reindexIndex.plan({ oid: 7, concurrently: true }, facts('public', 'orders_pkey'))
    expect(plan()).toEqual(plan())
  })
})

describe('what a plan knows of its own SQL', () => {
  const VACUUM = { oid: 7, full: false, freeze: false, analyze: false, indexCleanup: 'auto' as const }
  const of = facts('public', 'orders')
  it.each([
    [
      'a lazy VACUUM',
      vacuumTable.plan(VACUUM, of),
      'plain, in tries',
      'Scan heap, Vacuum indexes, Vacuum heap, Clean up indexes, Truncate, Finish',
    ],
    [
      'VACUUM FULL, ANALYZE',
      vacuumTable.plan({ ...VACUUM, full: true, analyze: true }, of),
      'plain, in tries',
      'Lock, Copy rows, Swap files, Rebuild indexes, Finish, Analyze',
    ],
    ['ANALYZE', analyzeTable.plan({ oid: 7 }, of), 'plain, in tries', 'Sample, Compute statistics, Finish'],
    ['REINDEX', reindexIndex.plan({ oid: 7, concurrently: false }, of), 'plain, in tries', 'Lock, Build'],
    [
      'REINDEX CONCURRENTLY',
      reindexTable.plan({ oid: 7, concurrently: true }, of),
      'concurrently, in one go',
      'Build, Validate, Wait for old snapshots, Swap, Drop old',
    ],
    [
      'the drop of a leftover',
      dropLeftoverIndex.plan({ oid: 7 }, facts('public', 'a_ccnew', { indisvalid: false })),
      'concurrently, in one go',
      'Drop',
    ],
  ])('%s', (_name, planned, kind, phases) => {
    if (!planned.ok) throw new Error(planned.problem.message)
    const plan = JSON.parse(JSON.stringify(planned.value)) as Plan
    expect(`${plan.form}, ${plan.waits}`).toBe(kind)
    expect(plan.phases.map(({ name }) => name).join(', ')).toBe(phases)
    expect(plan.statements[plan.main]).not.toMatch(/^SET /)
  })

  it.each([
    ['in tries', ['AccessExclusiveLock'], { minutes: 5, retries: true }],
    ['in tries', ['ShareUpdateExclusiveLock'], { minutes: 30, retries: true }],
    ['in one go', ['ShareUpdateExclusiveLock'], { minutes: 30, retries: false }],
  ] as const)('%s under %j it has this patience', (waits, modes, patience) => {
    const found = patienceOf({ waits, locks: modes.map((mode) => ({ mode })) })
    expect(found).toMatchObject(patience)
    expect(found?.choices.includes(0)).toBe(patience.retries) // one try cannot be given up at once
  })

  it('says which of several statements may wait for others, by what each is and not by how it is written', () => {
    const name = '" INDEX CONCURRENTLY "'
    const steps = [{ sql: `CREATE INDEX ${name} ON ONLY t (a)` }, { sql: `CREATE INDEX CONCURRENTLY b ON t1 (a)`, concurrent: true }]
    expect(inSteps([], [...steps, { sql: `ALTER INDEX ${name} ATTACH PARTITION b` }])).toMatchObject({
      form: 'concurrently',
      waits: 'in tries',
      statements: [
        'SET statement_timeout = 0',
        "SET lock_timeout = '2s'",
        steps[0]?.sql,
        'SET lock_timeout = 0',
        steps[1]?.sql,
        "SET lock_timeout = '2s'",
        `ALTER INDEX ${name} ATTACH PARTITION b`,
      ],
    })
  })
})

describe('the prediction', () => {
  const predict = (known: Partial<Known>, change: Partial<RelationFacts> = {}) => {
    const plan = reindexIndex.plan({ oid: 7, concurrently: true }, facts('public', 'orders_pkey', change, { ...KNOWN, ...known }))
    return plan.ok ? plan.value.prediction : undefined
  }

  it('takes the size after from what is known, in relation to the size now', () => {
    const rebuilt = { 7: { bytes: 500, rebuiltBytes: 250, trust: { kind: 'estimated' as const, plusMinus: 4 } } }
    expect(predict({ rebuilt })).toMatchObject({ bytesBefore: 1000, bytesAfter: 500, trust: { kind: 'estimated', plusMinus: 4 } })
  })

  it('is withheld with the reason where nothing is known', () => {
    expect(predict({})).toMatchObject({ bytesAfter: null, trust: { kind: 'withheld', reason: 'no estimate of orders_pkey' } })
    const trust = { kind: 'withheld' as const, reason: 'GIN' }
    expect(predict({ rebuilt: { 7: { bytes: 1000, rebuiltBytes: 1000, trust } } })).toMatchObject({ bytesAfter: null, trust })
  })

  it('takes time and WAL from past runs', () => {
    const past = { runs: 6, secondsPerByte: { from: 0.01, to: 0.02 }, walPerByte: 1.1 }
    expect(predict({ past })).toMatchObject({ seconds: { from: 10, to: 20 }, walBytes: 1100, runs: 6 })
    expect(predict({})).toMatchObject({ seconds: null, walBytes: null, runs: 0 })
  })

  it('is none behind an AccessExclusiveLock', () => expect(predict({}, { bytes: null })).toBeNull())
})

describe('drop-leftover-index refuses', () => {
  it.each([
    ['a valid index', 'a_ccnew', { indisvalid: true }],
    ['the index of a constraint', 'a_ccold', { indisvalid: false, conname: 'a' }],
    ['the replica identity', 'a_ccold', { indisvalid: false, indisreplident: true }],
    ['a partitioned index', 'a_ccnew', { indisvalid: false, relkind: 'I' }],
    ['an attached partition', 'a_ccnew', { indisvalid: false, isattached: true }],
  ])('%s', (_what, name, change) => {
    expect(dropLeftoverIndex.plan({ oid: 7 }, facts('public', name, change))).toMatchObject({ ok: false, problem: { kind: 'conflict' } })
  })
})
