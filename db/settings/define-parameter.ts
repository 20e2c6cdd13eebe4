import type { Profile } from '../domain/server-profile'
import type { Value } from '../domain/setting-units'
import type { Measured } from './measured'
import type { MemoryPlan } from './memory-plan'
import type { Surroundings } from './surroundings'

/** What a recommendation rests on. */
export interface Given {
  profile: Profile
  major: number
  memory: MemoryPlan
  measured: Measured
  around: Surroundings
  /** What holds, or waits for the restart, in bytes, ms or as a bare number; null when the server has no such setting. */
  now: (name: string) => number | null
  /** The same as pg_settings has it; null where there is none, and where the role may not see it. */
  text: (name: string) => string | null
}

/**
 * What becomes of a value that somebody set, where nothing measured speaks for another. `raise`: a formula may give more than
 * it, never less. `keep`: it was a choice, and stays. `change`: without the recommended value the server takes harm.
 */
export type WhenSet = 'raise' | 'keep' | 'change'

export interface Advice {
  value: Value
  /** One or two plain sentences. */
  why: string
  /** It rests on what was measured, not on a formula. */
  measured?: boolean
  /** What was seen, when, and how sure that is; also where it was not seen for long enough. */
  evidence?: string
  /** What the evidence speaks for, where it is enough to overrule a value that somebody set. */
  speaksFor?: 'more' | 'less'
}

export interface Source {
  title: string
  url: string
}

/** One setting: what it should be, by a pure function. */
export interface Parameter {
  name: string
  /** Majors in which the recommendation holds; 14 and open when left out. */
  since?: number
  until?: number
  source: Source
  /** `keep` when left out. */
  whenSet?: WhenSet
  /** Nothing of it happens on a standby. */
  primaryOnly?: true
  /** null: nothing is to be said for this profile. */
  value: (given: Given) => Advice | null
  /** The LMS guide's own value, as it prints it, and what is wrong or dated about it. */
  guide?: { value: string; remark?: (given: Given) => string | null }
}

/** A page of PostgreSQL's manual, by its file and the anchor of the setting. */
export const manual = (page: string, setting: string): Source => ({
  title: `PostgreSQL manual, ${setting}`,
  url: `https://www.postgresql.org/docs/current/${page}.html#GUC-${setting.replaceAll('_', '-').toUpperCase()}`,
})

export const PGTUNE: Source = { title: 'PGTune', url: 'https://github.com/le0pard/pgtune' }

/** The guide's value is what PostgreSQL has anyway. */
export const sameAsDefault = (): string => "This is PostgreSQL's default."
