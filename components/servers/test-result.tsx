import { CircleCheck } from 'lucide-react'
import type { Result } from '@/db/server/problem'
import type { Connected } from '@/db/server/test-connection'
import { ProblemPanel } from '../ui/problem-panel'
import { poolerWords } from './pooler-messages'

/** What a connection test found, in words; read out when it appears. */
export function TestResult({ result }: { result: Result<Connected> | undefined }) {
  if (!result) return null
  if (!result.ok) return <ProblemPanel title="No connection" problem={result.problem} />
  const { version, role, isSuperuser, inRecovery, tls, pooler, milliseconds } = result.value
  return (
    <div role="status" className="flex gap-2.5 rounded-control bg-ok-soft px-3 py-2.5 text-cell text-ink-2">
      <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-ok" />
      <div>
        <p className="font-semibold text-ink">
          PostgreSQL {version}, as {role}
          {inRecovery && ', a standby'}
        </p>
        <p>
          {tls ?? 'Not encrypted'}; answered in {milliseconds} ms.
          {isSuperuser && ' The role is a superuser: a role with pg_monitor and the grants of the privilege doctor is enough.'}
        </p>
        {pooler && <p>{poolerWords(pooler)}</p>}
      </div>
    </div>
  )
}
