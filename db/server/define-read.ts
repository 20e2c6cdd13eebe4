import type { z } from 'zod'

/** SQL by the major from which on it holds: { 14: …, 17: … }. The newest not above the server's serves. */
type SqlByMajor = { [major: number]: string }

/** SQL by the version of the read's extension from which on it holds, where that decides: { '1.8': …, '1.11': … }. */
interface SqlByExtension {
  byExtension: Record<string, string>
}

export interface Read<P extends z.ZodObject = z.ZodObject, R extends z.ZodObject = z.ZodObject> {
  /** Kebab-case; also the marker in the SQL, as in a comment proctor:name. */
  name: string
  /** One sentence for the command line and for a reader of the registry. */
  about: string
  /** The first major on which the read exists; 14 when left out. */
  since?: number
  /** Needs this extension, of at least this version. What the SQL calls is then looked up in its schema alone, and in pg_catalog. */
  extension?: { name: string; version?: string }
  /** The predefined role that makes its answer whole, for the message when the right is missing. */
  needs?: string
  /**
   * What it calls or reads that is not for everybody: functions with the types of their arguments, views. They are those of its
   * extension, where it has one, else PostgreSQL's own.
   */
  calls?: string[]
  /** Parameters in the order of $1 … $n. */
  params: P
  row: R
  sql: string | SqlByMajor | SqlByExtension
  /** statement_timeout in ms; 2,000 when left out. */
  timeout?: number
  /** How long an answer serves other callers, in ms; 1,000 when left out. 0: never shared once it is there. */
  keep?: number
}

const defined: Read[] = []

/** Names one typed, read-only catalog query. */
export function defineRead<P extends z.ZodObject, R extends z.ZodObject>(read: Read<P, R>): Read<P, R> {
  defined.push(read)
  return read
}

/** Every read of the modules that are loaded, those among them that only a command knows: what a test walks. */
export const definedReads = (): readonly Read[] => defined

export type Params<T> = T extends Read<infer P, z.ZodObject> ? z.input<P> : never
export type Row<T> = T extends Read<z.ZodObject, infer R> ? z.output<R> : never
