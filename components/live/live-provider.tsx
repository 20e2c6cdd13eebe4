'use client'
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { LiveAnswer } from './fetch-live'
import { SERVER_STANDING } from './use-live'

/** Keeps answers for the pages below. Nothing is asked while the tab is hidden. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const [client] = useState(makeClient)
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>
}

/** What one read finds out, all of the page says: a server that did not answer one is asked at once whether it answers at all. */
function makeClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onSuccess: (data, { queryKey: [kind, name] }) => {
        const answer = data as Partial<LiveAnswer<unknown>> | null
        if (kind !== 'live' || name === SERVER_STANDING || !answer || answer.ok !== false) return
        if (answer.problem?.kind === 'unreachable') void client.invalidateQueries({ queryKey: ['live', SERVER_STANDING] })
      },
    }),
    defaultOptions: { queries: { retry: 1, staleTime: 10_000, refetchIntervalInBackground: false, refetchOnWindowFocus: true } },
  })
  return client
}
