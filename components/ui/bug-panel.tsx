'use client'
import { catchError } from 'next/error'
import { Button } from './button'
import { ProblemPanel } from './problem-panel'

interface BugPanelProps {
  error: Error & { digest?: string }
  retry: () => void
  /** What is missing because of it. */
  title?: string
}

/** Something that should not happen did: for error.tsx. The digest finds it in the console's log. */
export function BugPanel({ error, retry, title = 'Proctor made a mistake on this page' }: BugPanelProps) {
  return (
    <ProblemPanel
      title={title}
      problem={{ message: error.message, hint: error.digest && `Look for ${error.digest} in the console's log.` }}
      action={
        <Button size="sm" onClick={retry}>
          Retry
        </Button>
      }
    />
  )
}

/** A part of a page that may fail by itself; its neighbours stay. */
export const BugBoundary = catchError<{ title: string }>(({ title }, { error, retry }) => (
  <BugPanel
    title={`${title} cannot be shown: Proctor made a mistake`}
    error={error instanceof Error ? error : new Error(String(error))}
    retry={retry}
  />
))
