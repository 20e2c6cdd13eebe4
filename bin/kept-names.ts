/** Names of fields that scripts know, by what the source calls them now. */
const KEPT: Readonly<Record<string, string>> = { fix: 'mend' }

/** What the command line calls a field: a name that it ever printed is never changed. */
export const keptName = (name: string): string => KEPT[name] ?? name

/** A value as the command line prints it, with the names that scripts know. */
export function withKeptNames<T>(value: T): T
export function withKeptNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => withKeptNames(one))
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  return Object.fromEntries(Object.entries(value).map(([name, of]) => [keptName(name), withKeptNames(of)]))
}
