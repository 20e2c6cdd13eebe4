import Link from 'next/link'
import type { AnalyticsModel, AnalyticsView } from '@/db/guide/analytics'
import { bytes, count, duration } from '../format'
import { span } from '../format-time'
import { Badge } from '../ui/badge'
import { Button } from '../ui/button'
import { CardHeader } from '../ui/card'
import { Cell, HeadCell, Row, TableCard } from '../ui/data-table'
import { Identifier } from '../ui/identifier'
import { STATE } from './analytics-messages'

interface ViewsTableProps {
  model: AnalyticsModel
  indexesHref: string
  onRefresh: (view: AnalyticsView) => void
  disabled: boolean
  whyNot: string | undefined
}

/** The end of the scale: so many times what the policy allows. */
const SCALE = 2

/** Materialized views: how old, held against the policy, and what a refresh does. */
export function ViewsTable({ model, indexesHref, onRefresh, disabled, whyNot }: ViewsTableProps) {
  const { views, now, policy } = model
  const size = views.reduce((sum, view) => sum + (view.bytes ?? 0), 0)
  return (
    <div className="mb-4">
      <TableCard
        label="Materialized views"
        footer={
          <>
            <span>
              Age: since the beginning of the last refresh by a run of Proctor, or the commit of the view’s row (track_commit_timestamp).
            </span>
            <span>
              {policy
                ? `Policy: refreshed when older than ${policy.minutes} min, in the window ${policy.window}${policy.paused ? '; paused' : ''}.`
                : 'No policy: add one on Maintenance.'}
            </span>
          </>
        }
      >
        <CardHeader title="Materialized views" sub={`${bytes(size)} with indexes`} />
        <table className="mt-1 w-full min-w-[940px] border-collapse">
          <thead>
            <tr>
              <HeadCell>View</HeadCell>
              <HeadCell>State</HeadCell>
              <HeadCell numeric>Rows</HeadCell>
              <HeadCell numeric>Size</HeadCell>
              <HeadCell numeric>Age</HeadCell>
              <HeadCell>Age against policy</HeadCell>
              <HeadCell>Refresh</HeadCell>
              <HeadCell numeric>Takes</HeadCell>
              <HeadCell>
                <span className="sr-only">Action</span>
              </HeadCell>
            </tr>
          </thead>
          <tbody>
            {views.map((view) => (
              <Row key={view.relid}>
                <Cell>
                  <Identifier name={`${view.schemaname}.${view.relname}`} />
                </Cell>
                <Cell>
                  <Badge tone={STATE[view.state].tone}>
                    <span title={STATE[view.state].why}>{STATE[view.state].word}</span>
                  </Badge>
                </Cell>
                <Cell numeric>{view.state === 'empty' ? '–' : count(view.rows)}</Cell>
                <Cell numeric>
                  <span title={view.skipped ?? undefined}>{bytes(view.bytes)}</span>
                </Cell>
                <Cell numeric>{view.age ? <AgeCell view={view} now={now} /> : '–'}</Cell>
                <Cell>{view.age && policy ? <AgeBar minutes={(now - view.age.at) / 60_000} allowed={policy.minutes} /> : '–'}</Cell>
                <Cell>
                  {view.concurrently ? (
                    <span className="text-ok">concurrently</span>
                  ) : (
                    <span className={view.state === 'empty' ? 'text-ink-2' : 'text-bad'}>exclusive lock</span>
                  )}
                  {view.refreshes[0]?.problem && <span className="text-bad">; last run failed</span>}
                </Cell>
                <Cell numeric>{duration(view.refreshes.find(({ problem }) => problem === null)?.ms)}</Cell>
                <Cell numeric>
                  {view.state === 'blocks' && (
                    <Link href={indexesHref} className="mr-3 text-cell">
                      Add unique index…
                    </Link>
                  )}
                  <Button
                    size="sm"
                    disabled={disabled || !view.mayMaintain}
                    title={disabled ? whyNot : view.mayMaintain ? undefined : `Only ${view.owner} may refresh it.`}
                    aria-label={`Refresh ${view.relname}`}
                    onClick={() => onRefresh(view)}
                  >
                    Refresh…
                  </Button>
                </Cell>
              </Row>
            ))}
          </tbody>
        </table>
      </TableCard>
    </div>
  )
}

function AgeCell({ view: { age }, now }: { view: AnalyticsView; now: number }) {
  if (!age) return null
  const how = age.runId === null ? 'By the commit of its row in pg_class' : `Run #${age.runId}`
  return age.runId === null ? (
    <span title={how}>{span(age.at, now)}</span>
  ) : (
    <Link href={`/runs/${age.runId}`} title={how}>
      {span(age.at, now)}
    </Link>
  )
}

/** The mark stands at what the policy allows, in the middle. */
function AgeBar({ minutes, allowed }: { minutes: number; allowed: number }) {
  const part = Math.min(1, minutes / (allowed * SCALE))
  const words = `${Math.round((minutes / allowed) * 100)}% of what the policy allows`
  return (
    <span role="img" aria-label={words} title={words} className="relative block h-2 w-24 bg-sunken">
      <span className={`absolute inset-y-0 left-0 ${minutes > allowed ? 'bg-warn' : 'bg-accent'}`} style={{ width: `${part * 100}%` }} />
      <span className="absolute -inset-y-0.5 left-1/2 w-px bg-ink" />
    </span>
  )
}
