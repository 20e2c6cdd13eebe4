import type { Level } from './levels'

/** What a rule looks at. */
export interface Subject {
  levels: Level[]
  /** The query of the statement itself, where it is a SELECT; null for any other. */
  top: Level | null
  /** The largest n of $n. */
  parameters: number
}

/** Something found: the fact, the rule, the action, and how the tree in which it was found is written better. */
export interface Candidate {
  title: string
  fact: string
  why: string
  action: string
  /** Where results are not the same, as sentences; empty: they are, whatever the data. */
  differs: string[]
  /** Changes the tree. null: no other text is certain to mean the same. */
  rewrite: (() => void) | null
  /** A statement that helps instead of another text. */
  sql?: string
}

/** Finds one kind of fault, and only where it is certain. Pure: the tree and the catalog's facts say all. */
export type Rule = (subject: Subject) => Candidate[]

/** Functions of PostgreSQL that return one value a row, the same for the same arguments within a statement. */
const STEADY = new Set(
  `lower upper length abs round floor ceil ceiling trunc mod date date_trunc date_part extract now left right btrim ltrim rtrim concat
  replace substring substr to_char coalesce nullif greatest least sign power sqrt timezone age position strpos split_part md5 char_length`.split(
    /\s+/,
  ),
)
export const isSteady = (name: string | null): boolean => name !== null && STEADY.has(name)
