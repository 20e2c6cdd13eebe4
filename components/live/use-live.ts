'use client'
import { keepPreviousData, useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { fetchLive, type LiveAnswer } from './fetch-live'
import type { LiveName, LiveParams, LiveValue } from './live-reads'

interface LiveOptions<T> {
  /** How often to ask again, in ms; left out: only when the tab comes back to the front. */
  everyMs?: number | false
  /** What the server rendered with. */
  initial?: LiveAnswer<T>
  enabled?: boolean
}

export interface Live<T> {
  answer: LiveAnswer<T> | undefined
  /** The answer belongs to other parameters and the right one is on its way. */
  pending: boolean
  /** The last question was not answered: what is shown is old. */
  failed: boolean
  refresh: () => void
}

/** The read that says whether a server answers. */
export const SERVER_STANDING = 'server-standing' satisfies LiveName

const keyOf = (name: LiveName, params: object) => ['live', name, params]

const optionsFor = <Name extends LiveName>(
  name: Name,
  params: LiveParams<Name>,
  { everyMs = false, initial, enabled = true }: LiveOptions<LiveValue<Name>>,
) => ({
  queryKey: keyOf(name, params),
  queryFn: ({ signal }: { signal: AbortSignal }) => fetchLive(name, params, signal),
  refetchInterval: everyMs,
  initialData: initial,
  initialDataUpdatedAt: initial && Date.parse(initial.at),
  enabled,
})

/** One read, kept fresh while the tab is visible. The former answer stays while a new one is on its way. */
export function useLive<Name extends LiveName>(
  name: Name,
  params: LiveParams<Name>,
  options: LiveOptions<LiveValue<Name>> = {},
): Live<LiveValue<Name>> {
  const query = useQuery({ ...optionsFor(name, params, options), placeholderData: keepPreviousData })
  return {
    answer: query.data,
    pending: query.isPlaceholderData || query.isPending,
    failed: query.isError || query.isRefetchError,
    refresh: () => void query.refetch(),
  }
}

/** The pages of a long list that are on the screen, each a read of its own, in the order of `pages`. */
export function useLivePages<Name extends LiveName>(
  name: Name,
  pages: { params: LiveParams<Name>; initial?: LiveAnswer<LiveValue<Name>> }[],
  everyMs: number | false,
): Live<LiveValue<Name>>[] {
  const queries = useQueries({ queries: pages.map(({ params, initial }) => optionsFor(name, params, { everyMs, initial })) })
  return queries.map((query) => ({
    answer: query.data,
    pending: query.isPending,
    failed: query.isError || query.isRefetchError,
    refresh: () => void query.refetch(),
  }))
}

/** Asks once, outside of rendering: what a button needs before it can act. */
export function useAskLive(): <Name extends LiveName>(name: Name, params: LiveParams<Name>) => Promise<LiveAnswer<LiveValue<Name>>> {
  const client = useQueryClient()
  return (name, params) => client.fetchQuery({ queryKey: keyOf(name, params), queryFn: () => fetchLive(name, params), staleTime: 2_000 })
}

/** Makes every answer of a read old, after something has changed the server. */
export function useRefreshLive(): (name: LiveName) => Promise<void> {
  const client = useQueryClient()
  return (name) => client.invalidateQueries({ queryKey: ['live', name] })
}

/** Makes every answer old but those of one read: after what they were read from has come back. */
export function useRefreshAllBut(name: LiveName): () => void {
  const client = useQueryClient()
  return useCallback(
    () => void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === 'live' && queryKey[1] !== name }),
    [client, name],
  )
}
