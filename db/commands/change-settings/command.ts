import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { formatFirst } from '../../domain/format'
import { literal } from '../../server/identifiers'
import { failed, ok, type Result } from '../../server/problem'
import { runRead } from '../../server/run-read'
import type { Target } from '../../server/target'
import { fileSettings } from '../../settings/reads/settings'
import { PARAMETER_NAMES } from '../../settings/registry'
import { checkTyped, isSame, settingOf, takesOf, wordsOf } from '../../settings/server-setting'
import { type Before, type CommandFacts, type Done, defineCommand, type Undo } from '../define-command'
import type { Plan, StoredPlan } from '../plan'
import { atOnce } from '../work'
import { loadSettings, readStates, type SettingState, type SettingsFacts } from './facts'
import { SETTINGS_CHECKS } from './preflight'
import { changeSettingsRequest } from './request'

/** Never one that runs a program, names a file or loads a library: only what db/settings recommends. */
const name = z.enum(PARAMETER_NAMES as [string, ...string[]])

const input = z.strictObject({
  /** By name, as PostgreSQL writes values: 16MB, 10min, on, 1.1. */
  set: z.partialRecord(name, z.string().max(200)).default({}),
  /** Names whose line in postgresql.auto.conf goes. */
  reset: z.array(name).max(PARAMETER_NAMES.length).default([]),
})
type Input = z.output<typeof input>
/** `wanted` in the form of pg_settings.setting; null for RESET. Empty where a value is none: then plan says which. */
type Facts = SettingsFacts & { wanted: Map<string, string | null> }

/** ALTER SYSTEM, then a reload; https://www.postgresql.org/docs/current/sql-altersystem.html */
export const changeSettings = defineCommand({
  name: changeSettingsRequest.command,
  about: 'Sets or resets settings of the server by ALTER SYSTEM, reloads, and reads them back',
  input,
  face: { verb: 'Change settings' },
  measures: 'nothing',
  weight: 'light',
  facts: async (target, asked) => {
    const found = await loadSettings(target, namesOf(asked))
    if (!found.ok) return found
    const wanted = wantedOf(asked, found.value.facts.states)
    return ok({ ...found.value, facts: { ...found.value.facts, wanted: wanted.ok ? wanted.value : new Map() } })
  },
  plan: planSettings,
  preflight: SETTINGS_CHECKS,
  readBack: async (target, before) => {
    const seen = await took(target, before, RELOAD_MS)
    if (!seen.ok) return seen
    const { not } = seen.value
    return not.length === 0
      ? ok(null)
      : failed('conflict', `Did not take effect: ${not.join('; ')}`, { hint: 'The server log says why a value was refused.' })
  },
  done: async (target, before): Promise<Result<Done>> => {
    const seen = await took(target, before, LOOK_MS)
    if (!seen.ok) return seen
    const { not, all } = seen.value
    return ok(not.length === 0 ? 'yes' : not.length === all ? 'no' : 'partly')
  },
  look: async (target, before, plan) => {
    const undo = await undoOfWritten(target, before, plan)
    return undo ? { undo } : {}
  },
})

const namesOf = ({ set, reset }: Input): string[] => [...Object.keys(set), ...reset]

/** Errors: invalid_input for a value that the server would refuse, and a name that is both set and reset. */
function wantedOf({ set, reset }: Input, states: Map<string, SettingState>): Result<Map<string, string | null>> {
  const wanted = new Map<string, string | null>()
  for (const [option, value] of Object.entries(set)) {
    const state = states.get(option)
    if (!state) return failed('invalid_input', `${option}: this server has no such setting`)
    const checked = checkTyped(value ?? '', state)
    if ('refused' in checked) return failed('invalid_input', `${option}: ${checked.refused}`)
    wanted.set(option, checked.setting)
  }
  for (const option of reset) {
    if (wanted.has(option)) return failed('invalid_input', `${option} cannot be both set and reset`)
    wanted.set(option, null)
  }
  return wanted.size === 0 ? failed('invalid_input', 'No setting was named') : ok(wanted)
}

function planSettings(asked: Input, { facts: { states } }: CommandFacts<Facts>): Result<Plan> {
  const all = wantedOf(asked, states)
  if (!all.ok) return all
  // By name: what is asked for comes back from the console's database with its keys in another order.
  const changes = [...all.value]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([option, setting]) => {
      const state = states.get(option)
      return state && !isThere(state, setting) ? [{ state, text: setting === null ? null : (asked.set[option] ?? setting).trim() }] : []
    })
  if (changes.length === 0) return failed('conflict', 'The server has these values already: nothing would change')
  const names = changes.map(({ state }) => state.name)
  const undo = undoOf(changes.map(({ state }) => [state.name, state.auto]))
  const waiting = changes.filter(({ state }) => takesOf(state) === 'restart')
  return ok({
    title: names.length === 1 ? `Change ${names[0]}` : `Change ${names.length} settings`,
    ...atOnce(...changes.map(({ state, text }) => `${alter(state.name, text)} /* was ${harmless(formerOf(state))} */`), RELOAD),
    main: changes.length - 1, // the last one before the reload
    locks: [],
    effect: [
      ...changes.map(
        ({ state, text }) => `${state.name}: ${wordsOf(state)} → ${text ?? 'as without ALTER SYSTEM'}, ${WHEN[takesOf(state)]}.`,
      ),
      ...(waiting.length > 0
        ? [`${formatFirst(waiting.map(({ state }) => state.name))}: shown as pending until the server is restarted.`]
        : []),
      'Every value is then read back; the run fails if one did not take effect.',
    ],
    cancel: 'This takes a moment. Values already written apply from the next reload.',
    phrase: names.length === 1 ? (names[0] ?? '') : 'postgresql.auto.conf',
    alwaysTyped: false,
    undo: undo.sql,
    undoWith: undo.with,
    prediction: null,
  })
}

const RELOAD = 'SELECT pg_reload_conf()'
const WHEN = { restart: 'at the next restart', reload: 'at the reload', 'new sessions': 'in new sessions' }

const alter = (option: string, text: string | null): string =>
  text === null ? `ALTER SYSTEM RESET ${option}` : `ALTER SYSTEM SET ${option} = ${literal(text)}`

/** Back to what postgresql.auto.conf said of each; null: nothing. */
function undoOf(former: [name: string, text: string | null][]): Undo {
  const set = Object.fromEntries(former.filter(([, text]) => text !== null))
  const reset = former.flatMap(([option, text]) => (text === null ? [option] : []))
  const sql = [...former.map(([option, text]) => alter(option, text)), RELOAD].join(';\n')
  return { sql, with: changeSettingsRequest({ set, reset }) }
}

/** What undoes the settings that are written by now, reloaded or not; undefined where none is. */
async function undoOfWritten(target: Target, { input: asked }: Before, { undoWith }: StoredPlan): Promise<Undo | undefined> {
  const [wanted, former] = [input.parse(asked ?? {}), input.parse(undoWith?.input ?? {})]
  const names = namesOf(former).sort()
  const [read, files] = await Promise.all([readStates(target, names), runRead(target, fileSettings, { names })])
  if (!read.ok) return undefined
  const written = names.filter((option) => {
    const state = read.value.get(option)
    // Where the files may not be read, all of them: the undo leaves out what is as it was.
    if (!files.ok || !state) return !files.ok
    const { auto } = state
    const want = wanted.set[option]
    if (auto === null || want === undefined) return auto === null && want === undefined
    return isSame(settingOf(auto, state) ?? auto, settingOf(want, state) ?? want)
  })
  return written.length === 0 ? undefined : undoOf(written.map((option) => [option, former.set[option] ?? null]))
}

/** In the statement, so that it is part of what is confirmed: who plans after somebody else's change plans another statement. */
const formerOf = ({ auto, by, ...state }: SettingState): string => `${wordsOf(state)}, ${auto === null ? by.words : `ALTER SYSTEM ${auto}`}`

/** Comments nest in PostgreSQL: neither mark may be in one. */
const harmless = (text: string): string =>
  text
    .replaceAll('*/', '* /')
    .replaceAll('/*', '/ *')
    .replaceAll(/[\r\n]/g, ' ')

/** Nothing is left to do: postgresql.auto.conf says this, and it holds or waits for the restart. */
function isThere(state: SettingState, setting: string | null): boolean {
  if (setting === null) return state.auto === null
  const written = state.auto === null ? null : settingOf(state.auto, state)
  return written !== null && isSame(written, setting) && (state.pending_restart || isSame(state.setting, setting))
}

/** A reload reaches sessions when they are idle, one after another; a busy machine takes its time. */
const RELOAD_MS = 10_000
/** For a run whose session was lost: whatever it sent is long through. */
const LOOK_MS = 1_000

/** Reads back until all is as it was wanted, or the reload has had its time. */
async function took(target: Target, { input: asked }: Before, patienceMs: number): Promise<Result<{ not: string[]; all: number }>> {
  const parsed = input.parse(asked ?? {})
  for (const until = Date.now() + patienceMs; ; await sleep(200)) {
    const read = await readStates(target, namesOf(parsed))
    if (!read.ok) return read
    const wanted = wantedOf(parsed, read.value)
    if (!wanted.ok) return wanted
    const not = [...wanted.value].flatMap(([option, setting]) => {
      const state = read.value.get(option)
      return state && holds(state, setting) ? [] : [`${option} is ${state ? `${wordsOf(state)}, ${state.by.words}` : 'gone'}`]
    })
    if (not.length === 0 || Date.now() > until) return ok({ not, all: wanted.value.size })
  }
}

function holds(state: SettingState, setting: string | null): boolean {
  if (setting === null) return state.auto === null && (state.pending_restart || (state.applied ?? true))
  const written = state.auto === null ? null : settingOf(state.auto, state)
  if (written === null || !isSame(written, setting)) return false
  // The server's own value is not what this role sees where it has one of its own; the files say whether it was taken.
  if (state.by.overriddenFor.length > 0 || takesOf(state) === 'new sessions') return state.applied ?? true
  return state.pending_restart || isSame(state.setting, setting)
}
