import { identifier, qualified } from '../../server/identifiers'
import type { GuideTable } from '../guide-shape'

/** What follows the name of an index: everything but where it stands. */
export interface Form {
  unique?: true
  using?: 'GIN'
  /** The key as it stands in the parentheses. */
  key: string
  where?: string
  /** A constraint UNIQUE … DEFERRABLE, not a bare index. */
  deferrable?: true
}

export const GROUPS = ['Users', 'Courses', 'Lessons and sections', 'Progress', 'Quizzes', 'Text search', 'Partial', 'Expression'] as const
export type Group = (typeof GROUPS)[number]

/** What the guide's text does when it is sent; test/guide-in-print.test.ts sends each to real servers. */
export interface PrintedError {
  sqlstate: string
  message: string
  /** create: the statement itself is refused. write: it is taken, and refuses rows or updates later. */
  when: 'create' | 'write'
}

/** One index of the guide. */
export interface Entry {
  name: string
  table: GuideTable
  group: Group
  /** Columns of the table without which it cannot be. */
  columns: readonly string[]
  /** null: the guide leaves it out. */
  printed: Form | null
  /** How it stands in print, where that is no CREATE INDEX. */
  printedText?: string
  /** What it should be; null: as printed. */
  corrected: Form | null
  error?: PrintedError
  /** The extension that has its operator class. */
  extension?: string
  /** Right in print; a sentence about it where it is not. */
  inPrint: string | null
  /** What it is for. */
  purpose: string
  /** Why the corrected form, or why not at all; a sentence each. */
  why: readonly string[]
  /** What else has to hold for the corrected form: that the column fills itself. */
  generated?: string
  /** It repeats this one of the guide, in other words than PostgreSQL could compare. */
  repeats?: string
}

const body = ({ using, key, where }: Form): string => `${using ? `USING ${using} ` : ''}(${key})${where ? ` WHERE ${where}` : ''}`

/** As the guide prints it, on one line. */
export const printedSql = ({ name, table, printed, printedText }: Entry): string | null =>
  printedText ?? (printed && `CREATE ${printed.unique ? 'UNIQUE ' : ''}INDEX CONCURRENTLY ${name} ON ${table} ${body(printed)};`)

/** The statement that makes it as it should be, on the table of a schema. A constraint is made by ALTER TABLE. */
export function correctedSql({ name, table, printed, corrected }: Entry, schema: string): string {
  const form = corrected ?? printed
  if (!form) throw new Error(`${name} has no form`)
  const on = qualified(schema, table)
  if (form.deferrable) return `ALTER TABLE ${on} ADD CONSTRAINT ${identifier(name)} UNIQUE (${form.key}) DEFERRABLE`
  return `CREATE ${form.unique ? 'UNIQUE ' : ''}INDEX ${identifier(name)} ON ${on} ${body(form)}`
}

/** (user_id, created_at DESC) WHERE …: what a row of the list has room for. */
export const shortForm = (form: Form): string => body(form).replace(/^USING /, '')
