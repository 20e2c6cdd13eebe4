import type { PrivilegeLine } from '@/db/privileges/privilege-line'
import { Badge } from '../ui/badge'
import { Sql } from '../ui/sql'

const TONE = { fine: 'ok', degraded: 'warn', missing: 'bad' } as const

/** What the role may and may not, what is missing first, each with the statement that lifts it. */
export function PrivilegeDoctor({ lines }: { lines: PrivilegeLine[] }) {
  const lacking = lines.filter(({ status }) => status !== 'fine')
  return (
    <>
      <p className="mb-2 text-ink-2">
        {lacking.length === 0
          ? 'All privileges that the console uses are granted.'
          : `${lacking.length} of ${lines.length} features are limited or unavailable.`}
      </p>
      <ul>
        {lines.map(({ name, title, status, detail, panels, commands, fix, restart }) => (
          <li key={name} className="grid gap-1.5 border-t border-grid py-2.5">
            <div className="flex flex-wrap items-baseline gap-2">
              <Badge tone={TONE[status]}>{status === 'fine' ? 'granted' : status}</Badge>
              <b className="font-semibold">{title}</b>
              <span className="text-cell text-ink-2">{detail}</span>
            </div>
            {status !== 'fine' && (panels.length > 0 || commands.length > 0) && (
              <p className="text-label text-ink-3">
                Touches {panels.join('; ')}
                {panels.length > 0 && commands.length > 0 && '; '}
                {commands.length > 0 && <span className="font-mono">{commands.join(', ')}</span>}
              </p>
            )}
            {fix && (
              <>
                <Sql sql={fix.map((statement) => `${statement};`).join('\n')} />
                {restart && <p className="text-label text-warn">Takes effect after a restart of the server.</p>}
              </>
            )}
          </li>
        ))}
      </ul>
    </>
  )
}
