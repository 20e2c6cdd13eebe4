import { Info, TriangleAlert } from 'lucide-react'
import type { StatementNotice } from '@/db/statements/statements-seen'
import { classes } from '../ui/class-names'
import { Sql } from '../ui/sql'

/** What keeps statements from being seen, each with the statement that fixes it. Those that only inform fold away. */
export function Notices({ notices }: { notices: StatementNotice[] }) {
  const [loud, quiet] = [notices.filter(({ weight }) => weight !== 'info'), notices.filter(({ weight }) => weight === 'info')]
  return (
    <>
      {loud.map((notice) => (
        <div
          key={notice.kind}
          className={classes(
            'mb-3 flex gap-2.5 rounded-control border px-3 py-2.5 text-cell text-ink-2',
            notice.weight === 'none' ? 'border-bad-line bg-bad-soft' : 'border-warn-line bg-warn-soft',
          )}
        >
          <TriangleAlert aria-hidden className={classes('mt-0.5 size-4 shrink-0', notice.weight === 'none' ? 'text-bad' : 'text-warn')} />
          <Words notice={notice} />
        </div>
      ))}
      {quiet.length > 0 && (
        <details className="mb-3 rounded-control border border-line bg-surface px-3 py-2 text-cell text-ink-2">
          <summary className="cursor-pointer rounded-[3px]">
            <Info aria-hidden className="mr-1.5 mb-0.5 inline size-3.5 text-ink-3" />
            {quiet.length === 1 ? 'One setting' : `${quiet.length} settings`} would show more
          </summary>
          <div className="mt-2 grid gap-3">
            {quiet.map((notice) => (
              <Words key={notice.kind} notice={notice} />
            ))}
          </div>
        </details>
      )}
    </>
  )
}

const Words = ({ notice: { text, fix } }: { notice: StatementNotice }) => (
  <div className="min-w-0 flex-1">
    <p className="[overflow-wrap:anywhere]">{text}</p>
    {fix && <Sql sql={fix} className="mt-1.5" />}
  </div>
)
