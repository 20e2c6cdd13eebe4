'use client'
import { markReadOnly } from '@/app/servers/actions'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { ProblemPanel } from '../ui/problem-panel'
import { useAction } from '../use-action'

/** Whether commands reach a server, and the button that turns it round. */
export function ReadOnlyMark({ id, readOnly }: { id: string; readOnly: boolean }) {
  const { busy, problem, call } = useAction()
  return (
    <Card className="grid max-w-[760px] gap-3 p-4" label="Commands">
      <div className="flex flex-wrap items-center gap-3">
        <p className="min-w-0 flex-1">
          <b className="font-semibold">{readOnly ? 'Read-only in Proctor.' : 'Commands may run here.'}</b>{' '}
          <span className="text-ink-2">
            {readOnly
              ? 'No command can run on this server, whoever confirms it.'
              : 'Operators and administrators run them, each after a confirmation.'}
          </span>
        </p>
        <Button onClick={() => call(() => markReadOnly(id, !readOnly))} disabled={busy}>
          {readOnly ? 'Allow commands' : 'Make read-only'}
        </Button>
      </div>
      {problem && <ProblemPanel problem={problem} />}
    </Card>
  )
}
