import { qualified } from '../../server/identifiers'
import { GUIDE_TABLES, type GuideTable } from '../guide-shape'

/** How each table stands in a statement: bare, as the guide has it, or with the schema that holds it. */
export type TableNames = Record<GuideTable, string>

const named = (name: (table: GuideTable) => string): TableNames =>
  Object.fromEntries(GUIDE_TABLES.map((table) => [table, name(table)])) as TableNames

export const BARE: TableNames = named((table) => table)
export const inSchema = (schema: string): TableNames => named((table) => qualified(schema, table))

/** What is chosen in the text rather than sent beside it: constants count as one statement whatever they are (manual, F.30). */
export interface Choices {
  /** A label of the enum users.role. */
  role: string
  /** The most rows of a ranking. */
  rows: number
}

/** What the guide prints. */
export const AS_IN_PRINT: Choices = { role: 'student', rows: 50 }

/** How a value of a column is written; hours and percentages come as numbers. */
export type ColumnKind = 'text' | 'number' | 'percent' | 'hours' | 'points' | 'time' | 'interval'

export interface ResultColumn {
  key: string
  label: string
  kind: ColumnKind
  /** Of a column as printed: the column that holds the right value. A cell that differs from it is wrong. */
  right?: string
  /** The column of which it is a part: 9 of 17. */
  of?: string
}

/** A bar for each row: parts that add up (each column times its factor), or one value of at most `most`. */
export interface BarPicture {
  label: string
  parts: { key: string; factor: number; label: string }[]
  /** The end of the scale; null: the longest bar. */
  most: number | null
}

/** A figure as printed beside the right one, both computed on the same rows. */
export interface Figure {
  name: string
  printed: number | null
  right: number | null
  unit: 'h' | '%' | 'rows' | 'place' | 'ratio' | 'points'
  /** Why they differ, as a sentence; the rule, without figures. */
  why: string
}

/** A row as the server wrote it: every value as text. */
export type TextRow = Record<string, string | null>

/** Both forms on the same rows: one statement that joins them, and what is made of its rows. */
export interface Comparison {
  sql: (t: TableNames, choices: Choices) => string
  columns: ResultColumn[]
  figures: (rows: TextRow[]) => Figure[]
  /** How many rows both forms were compared on, and how many are the same. */
  same: (rows: TextRow[]) => { rows: number; same: number }
}

export const GUIDE_QUERY_NAMES = ['course_stats', 'dashboard', 'leaderboard', 'collaborative', 'content_based'] as const
export type GuideQueryName = (typeof GUIDE_QUERY_NAMES)[number]

export interface GuideQuery {
  name: GuideQueryName
  title: string
  /** The tables that it reads; without one of them it cannot run. */
  needs: readonly GuideTable[]
  /** What $1 is. */
  takes: 'student' | 'since' | null
  /** Whether rows and role are chosen. */
  ranks: boolean
  corrected: (t: TableNames, choices: Choices) => string
  /** Word for word as the guide prints it, but for the names of tables. */
  printed: (t: TableNames) => string
  /** What is wrong in print, or what was checked and is right: one sentence each. */
  inPrint: string[]
  columns: ResultColumn[]
  picture: BarPicture
  /** Null where the printed form never gives a row. */
  comparison: Comparison | null
  /** The same for every student at once, where the guide's text can be read so. */
  forAll?: { corrected: (t: TableNames) => string; printed: (t: TableNames) => string }
}

export const numberOf = (row: TextRow | undefined, key: string): number | null => {
  const value = row?.[key]
  return value === null || value === undefined ? null : Number(value)
}
