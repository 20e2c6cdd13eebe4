import fc from 'fast-check'
import { TABLE_OPTIONS } from '../../db/commands/set-table-options/facts'
import { identifier, literal, qualified } from '../../db/server/identifiers'

const TABLE_OPTION_NAMES = Object.keys(TABLE_OPTIONS).flatMap((option) => [option, `toast.${option}`])

/** A relation that commands work on, all of its names taken from one hostile text. */
export interface Stage {
  name: string
  table: number
  index: number
  view: number
  leftover: number
  /** Its version is another in the library. */
  collation: number
  index_name: string
  /** The partition of a table, and an index of that table alone. */
  partition: number
  /** That table. */
  whole: number
  lacking: number
  /** A slot that nobody uses, and an extension of an old version. */
  slot: string
  extension: string
  pid: number
  backendStart: string
}

export interface Scenario {
  input: (stage: Stage) => object
  /** The statements that do the work, by the parser's names. SET comes before, and is checked to be of a time-out. */
  kinds: string[]
  /** Indexes in the schema of the stage that may come or go. */
  changes?: (stage: Stage) => string[]
  /** What comes elsewhere, as the test's catalog has it. */
  makes?: string[]
}

export const SCENARIOS: Record<string, Scenario> = {
  'reindex-index': { input: ({ index }) => ({ oid: index }), kinds: ['ReindexStmt'] },
  'reindex-table': { input: ({ table }) => ({ oid: table }), kinds: ['ReindexStmt'] },
  'vacuum-table': { input: ({ table }) => ({ oid: table, full: true, freeze: true, analyze: true }), kinds: ['VacuumStmt'] },
  'analyze-table': { input: ({ table }) => ({ oid: table }), kinds: ['VacuumStmt'] },
  'attach-index-partition': {
    input: ({ lacking }) => ({ oid: lacking }),
    kinds: ['IndexStmt', 'AlterTableStmt'],
    changes: ({ name, partition }) => [`${cut(name, 40)}_l_${partition}`],
  },
  'drop-leftover-index': { input: ({ leftover }) => ({ oid: leftover }), kinds: ['DropStmt'], changes: () => ['x_ccnew'] },
  'install-health-functions': {
    input: ({ name }) => ({ schema: name }),
    kinds: ['CreateFunctionStmt', 'DropStmt', 'CommentStmt', 'DoStmt'],
  },
  'install-statistics-helper': { input: () => ({}), kinds: ['CreateSchemaStmt', 'CreateFunctionStmt', 'GrantStmt', 'DropStmt'] },
  'create-index': {
    input: ({ name }) => ({
      definition: `create index ${identifier(made(name))} on ${qualified(name, name)} (${identifier(name)}) where ${identifier(name)} <> ${literal(name)}`,
    }),
    kinds: ['IndexStmt'],
    changes: ({ name }) => [made(name)],
  },
  'create-materialized-view': {
    input: ({ name }) => ({ view: 'course_statistics', schema: name }),
    kinds: ['CreateSchemaStmt', 'CreateTableAsStmt', 'IndexStmt', 'RefreshMatViewStmt'],
    makes: ['i analytics course_statistics_key', 'm analytics course_statistics'],
  },
  'drop-index': { input: ({ index }) => ({ oid: index }), kinds: ['DropStmt'], changes: ({ index_name: name }) => [name] },
  'restore-index': {
    input: ({ name, index_name: index }) => ({
      ddl: `create index concurrently ${identifier(index)} on ${qualified(name, name)} (lower(${identifier(name)}));
            comment on index ${qualified(name, index)} is ${literal(name)}`,
    }),
    kinds: ['IndexStmt', 'CommentStmt'],
    changes: ({ index_name: name }) => [name],
  },
  'cancel-backend': { input: ({ pid, backendStart }) => ({ pid, backendStart }), kinds: ['SelectStmt'] },
  'terminate-backend': { input: ({ pid, backendStart }) => ({ pid, backendStart }), kinds: ['SelectStmt'] },
  'reset-statistics': { input: ({ table }) => ({ of: 'relation', oid: table }), kinds: ['SelectStmt'] },
  'set-table-options': { input: ({ table }) => ({ oid: table, set: { fillfactor: '70' } }), kinds: ['AlterTableStmt'] },
  'change-settings': {
    input: ({ name, table }) => ({ set: { log_line_prefix: `${name.replaceAll(/[\r\n]/g, ' ')} ${table} ` } }),
    kinds: ['AlterSystemStmt', 'SelectStmt'],
  },
  'detach-partition': { input: ({ partition }) => ({ oid: partition }), kinds: ['AlterTableStmt'] },
  'attach-partition': {
    input: ({ name, partition, whole }) => ({ oid: partition, parent: whole, bound: `FOR VALUES IN (${literal(name)})` }),
    kinds: ['AlterTableStmt'],
  },
  'analyze-database': { input: ({ table }) => ({ tables: [table] }), kinds: ['VacuumStmt'] },
  'vacuum-database': { input: ({ table }) => ({ tables: [table] }), kinds: ['VacuumStmt'] },
  'make-checkpoint': { input: () => ({}), kinds: ['CheckPointStmt'] },
  'drop-replication-slot': { input: ({ slot }) => ({ slot }), kinds: ['SelectStmt', 'CheckPointStmt'] },
  'update-extension': { input: ({ extension }) => ({ extension }), kinds: ['AlterExtensionStmt'] },
  'set-statistics-target': {
    input: ({ table }) => ({ oid: table, column: 1, target: 50 }),
    kinds: ['AlterTableStmt', 'VacuumStmt'],
  },
  'refresh-collation': { input: ({ collation }) => ({ oids: [collation] }), kinds: ['ReindexStmt', 'AlterCollationStmt'] },
  'refresh-materialized-view': { input: ({ view }) => ({ oid: view }), kinds: ['RefreshMatViewStmt'] },
}

/** What a form may leave out. */
const some = (model: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Record<string, unknown>> => fc.record(model, { requiredKeys: [] })
const concurrently = some({ concurrently: fc.boolean() })
const amount = fc.oneof(
  fc.constantFrom('on', 'off', 'auto', '0', '-1', '70', '0.5', '1e3', '64MB', '5min', "0'); drop table users; --"),
  fc.integer().map(String),
)

/** What else a command takes, as far as it takes anything, in every combination: those that do not go together are refused. */
const OPTIONS: Record<string, fc.Arbitrary<Record<string, unknown>>> = {
  'reindex-index': concurrently,
  'reindex-table': concurrently,
  'vacuum-table': some({
    full: fc.boolean(),
    freeze: fc.boolean(),
    analyze: fc.boolean(),
    indexCleanup: fc.constantFrom('auto', 'on', 'off'),
    truncate: fc.boolean(),
    parallel: fc.integer({ min: -1, max: 1025 }),
  }),
  'create-index': concurrently,
  'drop-index': some({ concurrently: fc.boolean(), knowing: fc.boolean() }),
  'reset-statistics': some({ of: fc.constantFrom('relation', 'database', 'statements') }),
  'set-table-options': some({
    set: fc.dictionary(fc.constantFrom(...TABLE_OPTION_NAMES), amount, { maxKeys: 3 }),
    reset: fc.array(fc.constantFrom(...TABLE_OPTION_NAMES), { maxLength: 2 }),
  }),
  'change-settings': some({
    set: some({
      work_mem: amount,
      random_page_cost: amount,
      checkpoint_timeout: amount,
    }),
    reset: fc.constantFrom([], ['work_mem'], ['log_line_prefix']),
  }),
  'refresh-materialized-view': concurrently,
  'detach-partition': concurrently,
  'analyze-database': some({ minutes: fc.integer({ min: 0, max: 1_441 }) }),
  'vacuum-database': some({ minutes: fc.integer({ min: 0, max: 1_441 }), analyze: fc.boolean() }),
  'drop-replication-slot': some({ checkpoint: fc.boolean() }),
  'update-extension': some({ version: fc.constantFrom('1.5', '1.3', "1.5'; drop table users; --", '') }),
  'set-statistics-target': some({ column: fc.constantFrom(1, 2), target: fc.integer({ min: -2, max: 10_001 }) }),
}

/** The options of each command for one run. */
export const options = fc.record(OPTIONS)

/** Cuts between characters, so that what follows has room in 63 bytes. */
export const cut = (text: string, bytes: number): string => {
  let kept = ''
  for (const character of text) if (Buffer.byteLength(kept + character) <= bytes) kept += character
  return kept
}
const made = (name: string): string => `${cut(name, 60)}_n`

const hostile = fc.oneof(
  fc.constantFrom(
    'x"; drop table users; --',
    "x'; drop table users; --",
    '<img src=x onerror=alert(1)>',
    '$$; drop table users; $$',
    '$1 %s %I \\',
    '</script>/* x */',
    "E'\\'",
    'ä'.repeat(31),
    '😀'.repeat(15),
    '\u202eabc\u2066',
    ' ',
    '\n;\n',
    '\u0001\u001b[2J\f\v\b',
    'ON ONLY',
    ' WHERE x',
    'x(y',
    'select',
    '"',
    'x'.repeat(63),
  ),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
  fc.string({ unit: fc.constantFrom('"', "'", ';', '-', '\\', '$', ' ', '\n', '(', '.', 'é', '*', '/', 'x'), minLength: 1, maxLength: 63 }),
)

/** What a schema, a table or an application may be called. */
export const name = hostile
  .filter((text) => !text.includes('\0') && text.isWellFormed())
  .map((text) => cut(text, 63))
  .filter((text) => text !== '' && !text.startsWith('pg_'))
