import {
  createLoader,
  type inferParserType,
  parseAsFloat,
  parseAsInteger,
  parseAsJson,
  parseAsString,
  parseAsStringLiteral,
} from 'nuqs/server'
import type { SavedProfile } from '@/db/console/server-profiles'
import type { ByRun } from '@/db/history/setting-runs'
import type { ServerTuning } from '@/db/settings/tune-server'

export const STORAGES = ['hdd', 'ssd', 'nvme', 'network'] as const
export const WORKLOADS = ['web', 'oltp', 'warehouse', 'mixed', 'lms'] as const
export const SHOWS = ['changes', 'all'] as const
export const FORMATS = ['sql', 'conf', 'yaml', 'terraform'] as const

/** Texts by name, and nothing else: what an address may hold. */
function textsOf(value: unknown): Record<string, string> | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  return Object.values(value).every((one) => typeof one === 'string') ? (value as Record<string, string>) : null
}

/** The state of the page, all of it in the address. What it does not say of the profile was saved, or is guessed. */
export const configurationParams = {
  /** GB. */
  ram: parseAsFloat,
  cpus: parseAsInteger,
  storage: parseAsStringLiteral(STORAGES),
  workload: parseAsStringLiteral(WORKLOADS),
  connections: parseAsInteger,
  show: parseAsStringLiteral(SHOWS).withDefault('changes'),
  as: parseAsStringLiteral(FORMATS).withDefault('sql'),
  /** What is searched for. */
  q: parseAsString.withDefault(''),
  /** Values of one's own, by the setting's name. */
  own: parseAsJson(textsOf).withDefault({}),
}

export const loadConfigurationParams = createLoader(configurationParams)

/** What the page shows, first rendered and then asked for again. */
export interface TuningAnswer extends ServerTuning {
  saved: SavedProfile | null
  /** The runs of Proctor that wrote what holds, by the setting's name. */
  byRun: Record<string, ByRun>
}

/** What the address may say of a profile. */
export interface ChosenProfile {
  ram: number | null
  cpus: number | null
  storage: (typeof STORAGES)[number] | null
  workload: (typeof WORKLOADS)[number] | null
  connections: number | null
}

/** What the read is asked with: of the address only what changes its answer, and nothing that is empty. */
export function liveTuning({
  show: _,
  as: __,
  q: ___,
  own,
  ...profile
}: inferParserType<typeof configurationParams>): Record<string, string | number> {
  const named = Object.entries(profile).flatMap(([key, value]) => (value === null ? [] : [[key, value] as const]))
  return { ...Object.fromEntries(named), ...(Object.keys(own).length === 0 ? {} : { own: JSON.stringify(own) }) }
}
