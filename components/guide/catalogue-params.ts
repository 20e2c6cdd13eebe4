import { createLoader, parseAsString, parseAsStringLiteral } from 'nuqs/server'

export const SHOWN = ['all', 'action', 'print', 'unused'] as const
export type Shown = (typeof SHOWN)[number]

/** The state of the page, all of it in the address. */
export const catalogueParams = {
  show: parseAsStringLiteral(SHOWN).withDefault('all'),
  /** The index whose row is open. */
  open: parseAsString,
  /** Of several schemas that hold the guide's tables. */
  schema: parseAsString,
}

export const loadCatalogueParams = createLoader(catalogueParams)
