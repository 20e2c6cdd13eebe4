import { parseAsString } from 'nuqs/server'

/** The audit's filters in the address. */
export const auditSearch = {
  actor: parseAsString,
  action: parseAsString,
  run: parseAsString,
  from: parseAsString,
  to: parseAsString,
  search: parseAsString,
  /** The entry below which the page begins. */
  before: parseAsString,
}
