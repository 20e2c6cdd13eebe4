import { parseAsBoolean, parseAsInteger, parseAsString, parseAsStringLiteral } from 'nuqs/server'

/** Where in the map one is, all of it in the address. `all`: the level of the server; else it begins with the database of the page. */
export const storageParams = {
  all: parseAsBoolean.withDefault(false),
  in: parseAsString,
  schema: parseAsString,
  table: parseAsInteger,
  view: parseAsStringLiteral(['map', 'list'] as const).withDefault('map'),
}
