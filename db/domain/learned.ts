import { formatDay } from './format'

/** Where an estimate comes from that was learned: the size of an index right after it was built. */
export interface Learned {
  /** ISO 8601. */
  at: string
  /** Of the index then. */
  bytes: number
  /** How many of what it holds: BRIN summarises pages of the table, everything else holds its rows. */
  amount: number
  per: 'row' | 'table page'
}

/** learned on 29 Nov 2026 from 41.2 bytes per row */
export const learnedFrom = (learned: Learned): string => `learned on ${formatDay(learned.at)} from ${sizePer(learned)}`

/** 41.2 bytes per row */
export function sizePer({ bytes, amount, per }: Learned): string {
  const each = bytes / amount
  return `${each >= 100 ? Math.round(each) : each.toPrecision(3)} bytes per ${per}`
}

const METHODS: Record<string, string> = { brin: 'BRIN', gin: 'GIN', gist: 'GiST', spgist: 'SP-GiST' }

/** An access method as PostgreSQL's manual writes it. */
export const methodName = (amname: string): string => METHODS[amname] ?? amname
