'use client'
import { useQuery } from '@tanstack/react-query'
import { askConsoleHealth, type ConsoleTrouble } from '../ui/console-health'

const EVERY_MS = 10_000

/** What is wrong with the console itself, kept fresh while the tab is visible; null: nothing. */
export function useConsoleHealth(initial: ConsoleTrouble | null): ConsoleTrouble | null {
  const { data } = useQuery({
    queryKey: ['console-health'],
    queryFn: ({ signal }) => askConsoleHealth(signal),
    refetchInterval: EVERY_MS,
    initialData: initial,
    initialDataUpdatedAt: () => Date.now(),
  })
  return data
}
