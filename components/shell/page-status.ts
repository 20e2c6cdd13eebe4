'use client'
import { useEffect, useSyncExternalStore } from 'react'
import type { LiveAnswer } from '../live/fetch-live'

/** What a page tells the shell around it: when its numbers were read, and how many things want an action. */
interface PageStatus {
  readAt: string | null
  /** A refresh failed: the age is shown instead of the green dot, and nothing can be acted on. */
  stale: boolean
  /** Somebody stopped the refresh: the age is shown. */
  paused: boolean
  /** The name of the page's server while it does not answer. */
  down: string | null
  /** By the page's key and its place: indexes of lms-primary/lms. */
  counts: Record<string, number>
}

let status: PageStatus = { readAt: null, stale: false, paused: false, down: null, counts: {} }
const NOTHING: PageStatus = status
const listeners = new Set<() => void>()

function change(next: Partial<PageStatus>) {
  status = { ...status, ...next }
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const usePageStatus = (): PageStatus =>
  useSyncExternalStore(
    subscribe,
    () => status,
    () => NOTHING,
  )

/** Shows in the top bar when the page's numbers were read; gone with the page. */
export function useReadAt(readAt: string | null, stale = false, paused = false): void {
  useEffect(() => change({ readAt, stale, paused }), [readAt, stale, paused])
  useEffect(() => () => change({ readAt: null, stale: false, paused: false }), [])
}

/** The same of an answer: one of a server that did not answer was never read. */
export function useAnswerRead(answer: LiveAnswer<unknown>, failed: boolean): void {
  const away = !answer.ok && answer.problem.kind === 'unreachable'
  useReadAt(away ? null : answer.at, failed || away)
}

/** Tells every part of the page that its server does not answer; null: it does. */
export function useServerDown(name: string | null): void {
  useEffect(() => change({ down: name }), [name])
  useEffect(() => () => change({ down: null }), [])
}

/** Whether commands may be started here: by the role, and only on what was read as lately as the page promises. */
export function useMayAct(mayRun: boolean): boolean {
  const { stale, down } = usePageStatus()
  return mayRun && !stale && down === null
}

/** Shows a count beside an entry of the navigation; it stays while one visits other pages. */
export function useNavCount(key: string, count: number): void {
  useEffect(() => change({ counts: { ...status.counts, [key]: count } }), [key, count])
}
