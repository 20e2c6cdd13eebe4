'use client'
import { catchError } from 'next/error'
import { useEffect, useState } from 'react'
import { Button } from './button'
import { askConsoleHealth, type ConsoleTrouble } from './console-health'
import { ProblemPanel } from './problem-panel'

interface BugPanelProps {
  error: Error & { digest?: string }
  retry: () => void
  /** What is missing because of it. */
  title?: string
}

/**
 * Something that should not happen did: for error.tsx. Where the console database is in the way, that is told instead; else the digest
 * finds it in the console's log. What React says in place of the server's error is no use to anybody.
 */
export function BugPanel({ error, retry, title = 'This page failed because of a bug in Proctor' }: BugPanelProps) {
  const trouble = useTrouble(error)
  const message = error.digest ? 'It could not be rendered. Try again.' : error.message
  return (
    <ProblemPanel
      title={trouble ? trouble.message : title}
      problem={
        trouble
          ? { message: trouble.hint }
          : { message, hint: error.digest && `If this persists, look for ${error.digest} in the console's log.` }
      }
      action={
        <Button size="sm" onClick={retry}>
          Retry
        </Button>
      }
    />
  )
}

/** Undefined until it is known; asked once for each error. */
function useTrouble(error: Error): ConsoleTrouble | null | undefined {
  const [found, setFound] = useState<{ of: Error; trouble: ConsoleTrouble | null }>()
  useEffect(() => {
    const over = new AbortController()
    askConsoleHealth(over.signal).then(
      (trouble) => setFound({ of: error, trouble }),
      () => undefined, // nothing answers at all: the browser says so by itself at the next step
    )
    return () => over.abort()
  }, [error])
  return found?.of === error ? found.trouble : undefined
}

/** A part of a page that may fail by itself; its neighbours stay. */
export const BugBoundary = catchError<{ title: string }>(({ title }, { error, retry }) => (
  <BugPanel
    title={`${title} cannot be shown because of a bug in Proctor`}
    error={error instanceof Error ? error : new Error(String(error))}
    retry={retry}
  />
))
