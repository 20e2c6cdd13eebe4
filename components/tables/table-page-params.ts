import { createLoader, parseAsStringLiteral } from 'nuqs/server'

export const TABS = ['summary', 'columns', 'indexes', 'keys', 'statements', 'options', 'definition'] as const
export type TableTab = (typeof TABS)[number]

export const tablePageParams = { tab: parseAsStringLiteral(TABS).withDefault('summary') }

export const loadTablePageParams = createLoader(tablePageParams)
