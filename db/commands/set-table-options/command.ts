import { z } from 'zod'
import { literal } from '../../server/identifiers'
import { failed, ok, type Result } from '../../server/problem'
import { runRead } from '../../server/run-read'
import { type CommandFacts, defineCommand, line, objectOid, type PreflightCheck } from '../define-command'
import { loadTable, type RelationFacts } from '../facts/load'
import type { Plan } from '../plan'
import { otherWork } from '../preflight/other-work'
import { ownerAlone } from '../preflight/privilege'
import { standby } from '../preflight/standby'
import { besideWrites, nameOf, spoken } from '../sql'
import { patiently, RUN } from '../work'
import { optionValue, TABLE_OPTIONS, tableOptions, valuesOf } from './facts'
import { setTableOptionsRequest } from './request'

const NAMES = Object.entries(TABLE_OPTIONS).flatMap(([name, { toast }]) => (toast ? [name, `toast.${name}`] : [name])) as [
  string,
  ...string[],
]
const name = z.enum(NAMES)

const input = z.strictObject({
  /** The table's OID. */
  oid: objectOid,
  /** By name, those of the TOAST table as toast.name; values in plain decimal, on, off or auto. */
  set: z.partialRecord(name, z.string().max(30)).default({}),
  reset: z.array(name).max(NAMES.length).default([]),
})

type Input = z.output<typeof input>
type Facts = RelationFacts & { has_toast: boolean; is_owner: boolean; options: string[] }

const AUTOVACUUM = ['autovacuum_enabled', 'toast.autovacuum_enabled']

/** The one value after which dead rows pile up unseen: of the values that the plan sets. */
const switchedOff: PreflightCheck<Facts> = async (_target, _facts, { sets = {} }) =>
  AUTOVACUUM.some((option) => sets[option] === 'off')
    ? line(
        'autovacuum',
        'warn',
        'Autovacuum will leave the table alone',
        'Dead rows stay until a manual VACUUM; only autovacuum against wraparound still runs.',
      )
    : ok(null)

/** ALTER TABLE … SET and RESET (storage_parameter); https://www.postgresql.org/docs/current/sql-altertable.html */
export const setTableOptions = defineCommand({
  name: setTableOptionsRequest.command,
  about: "Sets or resets a table's own settings of autovacuum and storage",
  input,
  face: { verb: 'Change options', does: { did: 'the options are changed' } },
  measures: 'nothing',
  weight: 'light',
  facts: async (target, { oid }) => {
    const found = await loadTable(target, oid, 'nothing')
    if (!found.ok) return found
    const rows = await runRead(target, tableOptions, { oid })
    if (!rows.ok) return rows
    const [row] = rows.value
    if (!row) return failed('conflict', `There is no table with OID ${oid} any more`)
    const { mark, ...options } = row
    // What this changes is no file: its identity is the options as they are, so that the undo stays true.
    return ok({ object: { ...found.value.object, relfilenode: mark }, facts: { ...found.value.facts, ...options } })
  },
  plan: planOptions,
  preflight: [standby, switchedOff, otherWork, ownerAlone],
  done: async (target, { object }) => {
    const rows = await runRead(target, tableOptions, { oid: object.oid })
    if (!rows.ok) return rows
    const [row] = rows.value
    return ok(row && row.mark !== object.relfilenode ? 'yes' : 'no')
  },
})

function planOptions({ set, reset }: Input, { server, object, facts }: CommandFacts<Facts>): Result<Plan> {
  const wanted = new Map<string, string | null>()
  for (const [option, value] of Object.entries(set)) wanted.set(option, value ?? null)
  for (const option of reset) {
    if (wanted.has(option)) return failed('invalid_input', `${option} cannot be both set and reset`)
    wanted.set(option, null)
  }
  const refusal = refuse(wanted, server.major, facts)
  if (refusal) return failed('conflict', `${object.relname} ${refusal}`)
  const former = valuesOf(facts.options)
  const same = (option: string, value: string | null) => (value === null ? null : (canonical(option, value) ?? value))
  const changes = new Map<string, string | null>()
  for (const [option, value] of wanted) {
    const sql = value === null ? null : canonical(option, value)
    if (value !== null && sql === null) return failed('invalid_input', `${option}: ${value} is not ${bounds(option)}`)
    if (same(option, former.get(option) ?? null) !== sql) changes.set(option, sql)
  }
  if (changes.size === 0) return failed('conflict', `${object.relname} has these options already: nothing would change`)
  const back = new Map([...changes.keys()].map((option) => [option, former.has(option) ? literal(former.get(option) ?? '') : null]))
  return ok({
    title: `Change options of ${object.relname}`,
    ...patiently(RUN, ...alter(object, changes)),
    sets: Object.fromEntries(changes),
    locks: [besideWrites(spoken(object.schemaname, object.relname))],
    effect: [
      ...[...changes].map(
        ([option, value]) => `${option}: ${former.get(option) ?? 'as the server has it'} → ${value ?? 'as the server has it'}.`,
      ),
      'Applies from the next autovacuum, or the next page written. Existing pages are not rewritten.',
    ],
    cancel: 'This takes a moment; if cancelled, nothing is changed.',
    phrase: object.relname,
    alwaysTyped: false,
    undo: alter(object, back).join(';\n'),
    undoWith: undoWith(object.oid, new Map([...changes.keys()].map((option) => [option, former.get(option) ?? null]))),
    prediction: null,
  })
}

const canonical = (option: string, value: string): string | null => {
  const definition = TABLE_OPTIONS[option.replace(/^toast\./, '')]
  return definition ? optionValue(definition, value) : null
}

/** The same command with the former values; none where one of them was written as this command would not take it. */
function undoWith(oid: number, former: Map<string, string | null>): Plan['undoWith'] {
  const set = [...former].flatMap(([option, value]) => (value === null ? [] : [[option, canonical(option, value)] as const]))
  if (set.some(([, value]) => value === null)) return undefined
  const reset = [...former].flatMap(([option, value]) => (value === null ? [option] : []))
  return { command: setTableOptionsRequest.command, input: { oid, set: Object.fromEntries(set), reset } }
}

function refuse(
  wanted: Map<string, string | null>,
  major: number,
  { relkind, has_toast: hasToast, catalog, temporary }: Facts,
): string | null {
  if (wanted.size === 0) return 'keeps its options: none was named'
  if (relkind !== 'r' && relkind !== 'm')
    return relkind === 'p' ? 'is partitioned: its partitions have the options' : 'has its options through its table, as toast.…'
  if (catalog) return 'is a system catalog'
  if (temporary) return 'is a temporary table of another session, which autovacuum cannot reach'
  for (const option of wanted.keys()) {
    const { since = 14 } = TABLE_OPTIONS[option.replace(/^toast\./, '')] ?? {}
    if (major < since) return `cannot have ${option}: it came with PostgreSQL ${since}`
    if (option.startsWith('toast.') && !hasToast) return `has no TOAST table, so ${option} would have no effect`
  }
  return null
}

function bounds(option: string): string {
  const { kind, min, max } = TABLE_OPTIONS[option.replace(/^toast\./, '')] ?? {}
  if (kind === 'boolean') return 'on or off'
  return kind === 'auto' ? 'on, off or auto' : `${kind === 'integer' ? 'a whole number' : 'a number'} from ${min} to ${max}`
}

/** Names are of the allow-list, values of optionValue or literals. */
function alter(object: { schemaname: string; relname: string }, changes: Map<string, string | null>): string[] {
  const set = [...changes].filter(([, value]) => value !== null).map(([option, value]) => `${option} = ${value}`)
  const reset = [...changes].filter(([, value]) => value === null).map(([option]) => option)
  const table = `ALTER TABLE ${nameOf(object)}`
  const parts = [set.length > 0 && `SET (${set.join(', ')})`, reset.length > 0 && `RESET (${reset.join(', ')})`].filter(Boolean)
  return [`${table} ${parts.join(', ')}`]
}
