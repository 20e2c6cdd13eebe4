import { formatRam, type Profile } from '../domain/server-profile'
import { baseOf, inWords, isOfBytes, MB } from '../domain/setting-units'
import { type Budget, budgetOf, type MemorySettings } from './budget'
import type { Given, Parameter, Source } from './define-parameter'
import type { Measured } from './measured'
import { planMemory } from './memory-plan'
import { TOPICS } from './registry'
import {
  amountOf,
  checkTyped,
  type Fitted,
  fitValue,
  isSame,
  type ServerSetting,
  settingOf,
  type Takes,
  takesOf,
  wordsOf,
} from './server-setting'
import { isSet, standingOf, whyItStays } from './standing'
import { ALONE, orderOf, type Surroundings } from './surroundings'

/** One row of the preview. Values in PostgreSQL's own words. */
export interface Recommendation {
  name: string
  topic: string
  current: string
  recommended: string
  /** False: what is recommended holds already. */
  changes: boolean
  /** The difference of numbers, signed: +3GB. null where there is none to tell. */
  difference: string | null
  guide: { value: string; remark: string | null } | null
  why: string
  /** A fact overruled the formula. */
  measured: boolean
  /** The fact that it rests on, or that is not known for long enough yet. */
  evidence: string | null
  /** What the formula alone would give, where what somebody set stays instead. */
  formula: string | null
  /** On which of a primary and its standbys first; null where it does not matter. */
  order: string | null
  source: Source
  takes: Takes
  pendingRestart: boolean
  /** Recommended, but not preselected: somebody has to choose it. */
  onlyIfChosen: boolean
  /** What somebody typed instead; null: nothing. */
  own: OwnChoice | null
}

/** A value that somebody typed, checked as a recommendation is. */
export interface OwnChoice {
  /** As PostgreSQL writes it: 32768kB is 32MB; as it was typed where it is refused. */
  text: string
  /** Why the server would not take it; null: it would. */
  refused: string | null
  /** False: it holds already, or is refused. */
  changes: boolean
  difference: string | null
  order: string | null
}

/** What somebody typed instead of a recommendation, by name. */
export type OwnTexts = Readonly<Record<string, string>>

export interface Tuning {
  recommendations: Recommendation[]
  budget: { now: Budget; recommended: Budget }
}

/** Read beside the recommended settings, as some of those depend on them. */
export const ALSO_READ = [
  'wal_segment_size',
  'data_directory',
  'block_size',
  'reserved_connections',
  'vacuum_cost_limit',
  'autovacuum_worker_slots',
  'max_logical_replication_workers',
  'shared_preload_libraries',
  'timescaledb.max_background_workers',
  'cron.use_background_workers',
  'cron.max_running_jobs',
  'citus.max_background_task_executors',
  'squeeze.workers_per_database',
  'pg_partman_bgw.dbname',
]

/**
 * What every known setting should be on a machine of this profile, by the rows of pg_settings of the very server: a value
 * that it would refuse is never recommended, and a setting that it does not have is left out. What somebody set stays, unless
 * something measured speaks against it. `own` is what somebody typed instead, by name: it is checked by the same rows, and the budget
 * counts it. Pure.
 */
export function recommend(
  rows: readonly ServerSetting[],
  major: number,
  profile: Profile,
  measured: Measured = {},
  around: Surroundings = ALONE,
  own: OwnTexts = {},
): Tuning {
  const settings = new Map(rows.map((row) => [row.name, row]))
  const running = (name: string): number | null => {
    const row = settings.get(name)
    return row ? amountOf(row) : null
  }
  const now = (name: string): number | null => {
    const row = settings.get(name)
    return row ? amountOf({ ...row, setting: heldBy(row) }) : null
  }
  const text = (name: string): string | null => {
    const row = settings.get(name)
    return row ? heldBy(row) : null
  }
  const segment = running('wal_segment_size') ?? 16 * MB
  const standing = standingOf(settings, measured, around, segment)
  const given: Given = { profile, major, measured, around, memory: planMemory(profile, measured, standing), now, text }
  const recommendations = TOPICS.flatMap(({ topic, parameters, onlyIfChosen = false }) =>
    parameters.flatMap((parameter) => {
      const row = settings.get(parameter.name)
      const found = row && isFor(parameter, major) ? recommendOne(parameter, topic, row, given, isSet(row, segment)) : null
      return row && found ? [{ ...found, onlyIfChosen, own: ownChoice(own[row.name], row, around) }] : []
    }),
  )
  const wanted = new Map(
    recommendations.map(({ name, recommended, own: typed }) => [name, typed && typed.refused === null ? typed.text : recommended]),
  )
  const then = (name: string): number | null => {
    const row = settings.get(name)
    const value = wanted.get(name)
    if (!row || value === undefined || (name === 'wal_buffers' && value === '-1')) return now(name)
    return amountOf({ ...row, setting: settingOf(value, row) ?? heldBy(row) })
  }
  const automatic = { wal_buffers: given.memory.walBuffers }
  return {
    recommendations,
    budget: {
      now: budgetOf(memorySettings(running), profile),
      recommended: budgetOf({ ...memorySettings(then), ...automatic }, profile),
    },
  }
}

/** What a setting has, or will have as soon as what is written is taken. */
const heldBy = ({ setting, waiting }: ServerSetting): string => waiting ?? setting

const isFor = ({ since = 14, until = Number.POSITIVE_INFINITY }: Parameter, major: number): boolean => since <= major && major <= until

type Recommended = Omit<Recommendation, 'onlyIfChosen' | 'own'>

function recommendOne(parameter: Parameter, topic: string, row: ServerSetting, given: Given, set: boolean): Recommended | null {
  const advice = parameter.value(given)
  const fitted = advice && fitValue(advice.value, row)
  if (!advice || !fitted) return null
  const differs = !holds(parameter.name, row, fitted)
  const stays = differs ? whyItStays(parameter, advice, row, fitted, given, set) : null
  const changes = differs && stays === null
  const { guide } = parameter
  return {
    name: row.name,
    topic,
    current: wordsOf(row),
    recommended: stays === null ? fitted.text : wordsOf({ ...row, setting: heldBy(row) }),
    changes,
    difference: changes ? differenceOf(row, fitted) : null,
    guide: guide ? { value: guide.value, remark: guide.remark?.(given) ?? null } : null,
    why: stays ?? (fitted.bounded ? `${advice.why} This server takes no other than ${fitted.text}.` : advice.why),
    measured: stays === null && (advice.measured ?? false),
    evidence: advice.evidence ?? null,
    formula: stays === null ? null : fitted.text,
    order: changes ? orderOf(row.name, Number(fitted.setting) > Number(heldBy(row)), given.around) : null,
    source: parameter.source,
    takes: takesOf(row),
    pendingRestart: row.pending_restart,
  }
}

/** What somebody typed, held against the row: the same units, bounds and choices that a recommendation is fitted to. */
function ownChoice(text: string | undefined, row: ServerSetting, around: Surroundings): OwnChoice | null {
  if (text === undefined) return null
  const checked = checkTyped(text, row)
  if ('refused' in checked) return { text: text.trim(), refused: checked.refused, changes: false, difference: null, order: null }
  const fitted = { setting: checked.setting, text: wordsOf({ ...row, setting: checked.setting }), bounded: false }
  const changes = !holds(row.name, row, fitted)
  return {
    text: fitted.text,
    refused: null,
    changes,
    difference: changes ? differenceOf(row, fitted) : null,
    order: changes ? orderOf(row.name, Number(fitted.setting) > Number(heldBy(row)), around) : null,
  }
}

/** wal_buffers shows what -1 came to: it is -1 where nobody wrote anything else. */
function holds(name: string, row: ServerSetting, { setting }: Fitted): boolean {
  if (name === 'wal_buffers' && setting === '-1' && ['default', 'override', 'dynamic default'].includes(row.source)) return true
  return isSame(heldBy(row), setting)
}

function differenceOf({ setting, unit }: ServerSetting, fitted: Fitted): string | null {
  const [from, to] = [Number(setting), Number(fitted.setting)]
  if (!Number.isFinite(from) || !Number.isFinite(to) || from < 0 || to < 0) return null
  const by = Number((to - from).toPrecision(6))
  const amount = Math.abs(by)
  return `${by < 0 ? '−' : '+'}${unit !== null && isOfBytes(unit) ? formatRam(amount * baseOf(unit)) : inWords(String(amount), unit)}`
}

function memorySettings(amount: (name: string) => number | null): MemorySettings {
  const of = (name: string) => amount(name) ?? 0
  return {
    shared_buffers: of('shared_buffers'),
    wal_buffers: of('wal_buffers'),
    work_mem: of('work_mem'),
    hash_mem_multiplier: of('hash_mem_multiplier'),
    maintenance_work_mem: of('maintenance_work_mem'),
    autovacuum_work_mem: of('autovacuum_work_mem'),
    autovacuum_max_workers: of('autovacuum_max_workers'),
    max_connections: of('max_connections'),
    max_parallel_workers: of('max_parallel_workers'),
  }
}
