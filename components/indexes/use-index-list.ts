'use client'
import { useMemo, useState } from 'react'
import type { IndexFinding } from '@/db/checks/index-finding'
import type { IndexList } from '@/db/checks/list-indexes'
import type { LiveAnswer, LiveParams } from '../live/fetch-live'
import { useLive, useLivePages } from '../live/use-live'
import { PAGE_ROWS } from './index-params'

/** Where the list is, and how it is filtered and sorted. */
export interface IndexQuery {
  server: string
  database: string
  verdict: string | null
  q: string
  sort: string
  dir: string
}

const REFRESH_MS = 15_000
export const INDEX_LIST = 'list-indexes'

export const pageParams = (query: IndexQuery, page: number): LiveParams => ({ ...query, offset: page * PAGE_ROWS, limit: PAGE_ROWS })

/** What stands above the table; the same read as the table's first page, so both are one question. */
export function useFirstPage(query: IndexQuery, initial: LiveAnswer<IndexList> | undefined) {
  return useLive<IndexList>(INDEX_LIST, pageParams(query, 0), { everyMs: REFRESH_MS, initial })
}

/**
 * The rows of a long list, by position: only the pages that are on the screen are asked for, and the first.
 * Positions whose page is on the way are undefined; a row that was here before stays meanwhile.
 */
export function useIndexRows(query: IndexQuery, first: LiveAnswer<IndexList> | undefined) {
  const [shown, setShown] = useState<[number, number]>([0, 0])
  const [from, to] = shown
  const numbers = useMemo(() => Array.from({ length: to - from + 1 }, (_, at) => from + at).filter((page) => page > 0), [from, to])
  const pages = useLivePages<IndexList>(
    INDEX_LIST,
    numbers.map((page) => ({ params: pageParams(query, page) })),
    REFRESH_MS,
  )
  const byPage = new Map<number, IndexFinding[]>()
  if (first?.ok) byPage.set(0, first.value.rows)
  numbers.forEach((page, at) => {
    const answer = pages[at]?.answer
    if (answer?.ok) byPage.set(page, answer.value.rows)
  })
  const failedPage = pages.find(({ answer }) => answer && !answer.ok)?.answer
  return {
    rowAt: (position: number): IndexFinding | undefined => byPage.get(Math.floor(position / PAGE_ROWS))?.[position % PAGE_ROWS],
    /** Tells which positions are on the screen. */
    show: (firstPosition: number, lastPosition: number) => {
      const next: [number, number] = [Math.floor(firstPosition / PAGE_ROWS), Math.floor(lastPosition / PAGE_ROWS)]
      if (next[0] !== from || next[1] !== to) setShown(next)
    },
    problem: failedPage && !failedPage.ok ? failedPage.problem : undefined,
  }
}
