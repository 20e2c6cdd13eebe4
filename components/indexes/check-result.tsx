'use client'
import { duration, exactCount } from '../format'
import { ago } from '../format-time'
import { ProblemPanel } from '../ui/problem-panel'
import type { LastCheck } from './health-check'
import { InstallFunctions } from './install-functions'
import { WHAT_IS_MEASURED } from './measured-methods'
import type { HealthCheckState } from './use-health-check'

interface CheckResultProps {
  check: HealthCheckState
  readAt: string
  server: string
  database: string
  mayRun: boolean
}

/** What the health check that was just asked for does, did, and could not do; what an earlier one said stands below the list. */
export function CheckResult({ check, readAt }: Pick<CheckResultProps, 'check' | 'readAt'>) {
  const { last, problem, running } = check
  return (
    <div aria-live="polite" className="empty:hidden">
      {running && <p className="mb-2.5 text-label text-ink-3">The health check is reading every index …</p>}
      {problem && <ProblemPanel title="The health check could not run" problem={problem} className="mb-4" />}
      {!running && check.fresh && last && <p className="mb-2.5 text-label text-ink-3">{words(last, readAt)}</p>}
      {!running &&
        check.fresh &&
        last?.problems.map((part) => (
          <ProblemPanel key={part.message} title="Left out of the health check" problem={part} className="mb-4" />
        ))}
    </div>
  )
}

/** One line about the last health check, and the way to its functions. */
export function LastCheckLine({ check: { last, fresh, running }, readAt, server, database, mayRun }: CheckResultProps) {
  return (
    <p>
      {!fresh && !running && (last ? `${words(last, readAt)} ` : 'No health check has run on this database yet. ')}
      {WHAT_IS_MEASURED} {mayRun && <InstallFunctions server={server} database={database} />}
    </p>
  )
}

function words({ startedAt, durationMs, requestedBy, indexHealth, indexBloat, problems }: LastCheck, readAt: string): string {
  const parts = problems.length > 0 ? `, ${exactCount(problems.length)} ${problems.length === 1 ? 'part' : 'parts'} left out` : ''
  return `Last health check ${ago(startedAt, readAt)} by ${requestedBy}: ${exactCount(indexHealth)} indexes checked, bloat of ${exactCount(indexBloat)} measured${parts}, in ${duration(durationMs)}.`
}
