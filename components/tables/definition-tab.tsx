'use client'
import { useLive } from '../live/use-live'
import { Card, CardHeader } from '../ui/card'
import { ProblemPanel } from '../ui/problem-panel'
import { Sql } from '../ui/sql'

/** The statements that would make the table as it stands. */
export function DefinitionTab({ server, database, relid }: { server: string; database: string; relid: number }) {
  const { answer } = useLive('table-definition', { server, database, relid })
  if (answer && !answer.ok) return <ProblemPanel title="The definition could not be read" problem={answer.problem} />
  return (
    <Card label="Definition" className="pb-4">
      <CardHeader title="Definition" sub="from the catalog; without owner, privileges, comments and policies" />
      <div className="px-4 pt-2.5">
        {!answer ? (
          <p className="text-ink-3">Reading …</p>
        ) : answer.value === null ? (
          <p className="text-ink-2">A lock hides it: an AccessExclusiveLock is held or waited for on the table or an index.</p>
        ) : (
          <Sql sql={answer.value} />
        )}
      </div>
    </Card>
  )
}
