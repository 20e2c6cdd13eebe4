'use client'
import { keepPreviousData, useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import { fetchLive, type LiveAnswer, type LiveParams } from './fetch-live'

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

const keyOf = (name: string, params: LiveParams) => ['live', name, params]

const optionsFor = <T>(name: string, params: LiveParams, { everyMs = false, initial, enabled = true }: LiveOptions<T>) => ({
  queryKey: keyOf(name, params),
  queryFn: ({ signal }: { signal: AbortSignal }) => fetchLive<T>(name, params, signal),
  refetchInterval: everyMs,
  initialData: initial,
  initialDataUpdatedAt: initial && Date.parse(initial.at),
  enabled,
})

/** One read, kept fresh while the tab is visible. The former answer stays while a new one is on its way. */
export function useLive<T>(name: string, params: LiveParams, options: LiveOptions<T> = {}): Live<T> {
  const query = useQuery({ ...optionsFor<T>(name, params, options), placeholderData: keepPreviousData })
  return {
    answer: query.data,
    pending: query.isPlaceholderData || query.isPending,
    failed: query.isError || query.isRefetchError,
    refresh: () => void query.refetch(),
  }
}

/** The pages of a long list that are on the screen, each a read of its own, in the order of `pages`. */
export function useLivePages<T>(
  name: string,
  pages: { params: LiveParams; initial?: LiveAnswer<T> }[],
  everyMs: number | false,
): Live<T>[] {
  const queries = useQueries({ queries: pages.map(({ params, initial }) => optionsFor<T>(name, params, { everyMs, initial })) })
  return queries.map((query) => ({
    answer: query.data,
    pending: query.isPending,
    failed: query.isError || query.isRefetchError,
    refresh: () => void query.refetch(),
  }))
}

/** Asks once, outside of rendering: what a button needs before it can act. */
export function useAskLive(): <T>(name: string, params: LiveParams) => Promise<LiveAnswer<T>> {
  const client = useQueryClient()
  return (name, params) => client.fetchQuery({ queryKey: keyOf(name, params), queryFn: () => fetchLive(name, params), staleTime: 2_000 })
}

/** Makes every answer of a read old, after something has changed the server. */
export function useRefreshLive(): (name: string) => Promise<void> {
  const client = useQueryClient()
  return (name) => client.invalidateQueries({ queryKey: ['live', name] })
}
