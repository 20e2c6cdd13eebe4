import type { Problem } from '@/db/server/problem'
import { PageHead } from '../ui/page-head'
import { ProblemPanel } from '../ui/problem-panel'

/** Where somebody came by an address: the tables are not there, or could not be looked for. */
export function NoGuide({ database, problem }: { database: string; problem: Problem | null }) {
  if (problem)
    return (
      <>
        <PageHead eyebrow="LMS guide" title="The tables of the guide could not be looked for." />
        <ProblemPanel problem={problem} />
      </>
    )
  return (
    <PageHead eyebrow="LMS guide" title={`${database} does not hold the tables of the guide.`}>
      They are found by name, columns and types, in any one schema: at least <code>users</code>, <code>courses</code> and{' '}
      <code>student_progress</code> with the columns that the guide’s queries need.
    </PageHead>
  )
}
