'use client'
import { useCallback, useMemo, useState } from 'react'
import type { TableList } from '@/db/tables/list-tables'
import type { LiveAnswer } from '../live/fetch-live'
import type { LiveParams } from '../live/live-reads'
import { useLive, useLivePages } from '../live/use-live'
import { PAGE_ROWS } from './table-params'

/** Where the list is, and how it is filtered and sorted. */
interface TableAsk {
  server: string
  database: string
  show: string
  q: string
  sort: string
  dir: string
}

const REFRESH_MS = 10_000

const pageOf = (ask: TableAsk, page: number): LiveParams<'list-tables'> => ({ ...ask, offset: page * PAGE_ROWS, limit: PAGE_ROWS })

/** The rows of a long list by position: only the first page and those on the screen are asked for. */
export function useTables(ask: TableAsk, initial: LiveAnswer<TableList> | undefined) {
  const first = useLive('list-tables', pageOf(ask, 0), { everyMs: REFRESH_MS, initial })
  const [[from, to], setShown] = useState<[number, number]>([0, 0])
  const numbers = useMemo(() => Array.from({ length: to - from + 1 }, (_, at) => from + at).filter((page) => page > 0), [from, to])
  const pages = useLivePages(
    'list-tables',
    numbers.map((page) => ({ params: pageOf(ask, page) })),
    REFRESH_MS,
  )
  const show = useCallback((firstPosition: number, lastPosition: number) => {
    const next: [number, number] = [Math.floor(firstPosition / PAGE_ROWS), Math.floor(lastPosition / PAGE_ROWS)]
    setShown((known) => (known[0] === next[0] && known[1] === next[1] ? known : next))
  }, [])
  const rowAt = (position: number): TableList['rows'][number] | undefined => {
    const page = Math.floor(position / PAGE_ROWS)
    const answer = page === 0 ? first.answer : pages[numbers.indexOf(page)]?.answer
    return answer?.ok ? answer.value.rows[position % PAGE_ROWS] : undefined
  }
  return { first, rowAt, show }
}
