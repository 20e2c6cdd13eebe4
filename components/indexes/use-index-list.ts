'use client'
import { useEffect, useMemo, useState } from 'react'
import type { IndexList, ListedIndex, ListedVerdict } from '@/db/indexes/list-indexes'
import type { LiveAnswer } from '../live/fetch-live'
import type { LiveParams } from '../live/live-reads'
import { useLive, useLivePages } from '../live/use-live'
import { PAGE_ROWS } from './index-params'

/** Where the list is, and how it is filtered and sorted. */
export interface IndexQuery {
  server: string
  database: string
  verdict: ListedVerdict | null
  q: string
  sort: string
  dir: string
}

/** The row at a position of the list; undefined while its page is not here. */
export type RowAt = (position: number) => ListedIndex | undefined

export const REFRESH_MS = 15_000
/** Pages that fly past while one scrolls are not asked for. */
const REST_MS = 120

export const pageParams = (query: IndexQuery, page: number): LiveParams<'list-indexes'> => ({
  ...query,
  offset: page * PAGE_ROWS,
  limit: PAGE_ROWS,
})

/** What stands above the table; the same read as the table's first page, so both are one question. */
export function useFirstPage(query: IndexQuery, initial: LiveAnswer<IndexList> | undefined) {
  return useLive('list-indexes', pageParams(query, 0), { everyMs: REFRESH_MS, initial })
}

/** The rows of a long list: only the pages on the screen, from position to position, are asked for, and the first. */
export function useIndexRows(query: IndexQuery, first: LiveAnswer<IndexList> | undefined, from: number, to: number) {
  const [shown, setShown] = useState<[number, number]>([0, 0])
  const [firstPage, lastPage] = [Math.floor(from / PAGE_ROWS), Math.floor(to / PAGE_ROWS)]
  useEffect(() => {
    const timer = setTimeout(() => setShown([firstPage, lastPage]), REST_MS)
    return () => clearTimeout(timer)
  }, [firstPage, lastPage])
  const numbers = useMemo(
    () => Array.from({ length: shown[1] - shown[0] + 1 }, (_, at) => shown[0] + at).filter((page) => page > 0),
    [shown],
  )
  const pages = useLivePages(
    'list-indexes',
    numbers.map((page) => ({ params: pageParams(query, page) })),
    REFRESH_MS,
  )
  const byPage = new Map<number, ListedIndex[]>()
  if (first?.ok) byPage.set(0, first.value.rows)
  numbers.forEach((page, at) => {
    const answer = pages[at]?.answer
    if (answer?.ok) byPage.set(page, answer.value.rows)
  })
  const refused = pages.find(({ answer }) => answer && !answer.ok)?.answer
  const rowAt: RowAt = (position) => byPage.get(Math.floor(position / PAGE_ROWS))?.[position % PAGE_ROWS]
  return { rowAt, problem: refused && !refused.ok ? refused.problem : undefined }
}
