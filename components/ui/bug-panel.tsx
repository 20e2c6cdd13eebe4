'use client'
import { Button } from './button'
import { ProblemPanel } from './problem-panel'

/** For error.tsx: something that should not happen did. The digest finds it in the console's log. */
export function BugPanel({ error, retry }: { error: Error & { digest?: string }; retry: () => void }) {
  return (
    <ProblemPanel
      title="Proctor made a mistake on this page"
      problem={{ message: error.message, hint: error.digest && `Look for ${error.digest} in the console's log.` }}
      action={
        <Button size="sm" onClick={retry}>
          Retry
        </Button>
      }
    />
  )
}
