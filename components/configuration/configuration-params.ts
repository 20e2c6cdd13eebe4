import { createLoader, parseAsFloat, parseAsInteger, parseAsStringLiteral } from 'nuqs/server'
import type { SavedProfile } from '@/db/console/server-profiles'
import type { ServerTuning } from '@/db/settings/tune-server'

export const STORAGES = ['hdd', 'ssd', 'nvme', 'network'] as const
export const WORKLOADS = ['web', 'oltp', 'warehouse', 'mixed', 'lms'] as const
export const SHOWS = ['changes', 'all'] as const
export const FORMATS = ['sql', 'conf', 'yaml', 'terraform'] as const

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
}

export const loadConfigurationParams = createLoader(configurationParams)

/** What the page shows, first rendered and then asked for again. */
export interface TuningAnswer extends ServerTuning {
  saved: SavedProfile | null
}

/** What the address may say of a profile. */
export interface ChosenProfile {
  ram: number | null
  cpus: number | null
  storage: (typeof STORAGES)[number] | null
  workload: (typeof WORKLOADS)[number] | null
  connections: number | null
}
