/** What the list of servers may be narrowed to. */
export const FLEET_SHOWS = ['all', 'high', 'medium', 'none', 'stale'] as const
export type FleetShow = (typeof FLEET_SHOWS)[number]

/** What it may be sorted by; a cluster stands where its first member would. */
export const FLEET_SORTS = ['worst', 'name', 'active', 'size', 'version', 'sampled'] as const
export type FleetSort = (typeof FLEET_SORTS)[number]

export interface FleetAsk {
  show: FleetShow
  sort: FleetSort
  dir: 'asc' | 'desc'
  /** Part of a server's name, a tag, or a finding. */
  q: string
  tags: readonly string[]
  /** A major version: 18. */
  major: number | null
  /** From 1. */
  page: number
}

/** Servers on a page; a cluster is never cut in two, so it may hold a few more. */
export const FLEET_PAGE = 100
