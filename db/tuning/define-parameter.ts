import type { Measured } from './measured'
import type { MemoryPlan } from './memory-plan'
import type { Profile } from './profile'
import type { Value } from './units'

/** What a recommendation rests on. */
export interface Given {
  profile: Profile
  major: number
  memory: MemoryPlan
  measured: Measured
  /** What holds now, in bytes, ms or as a bare number; null when the server has no such setting. */
  now: (name: string) => number | null
}

export interface Advice {
  value: Value
  /** One or two plain sentences. */
  why: string
  /** It rests on what was measured, not on a formula. */
  measured?: boolean
  /** What was seen, when, and how sure that is; also where it was not seen for long enough. */
  evidence?: string
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
