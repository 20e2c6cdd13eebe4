'use client'
import { useState } from 'react'
import { createMaterializedViewRequest } from '@/db/commands/create-materialized-view/request'
import { refreshMaterializedViewRequest } from '@/db/commands/refresh-materialized-view/request'
import type { CommandRequest } from '@/db/domain/command-request'
import { GUIDE_VIEWS } from '@/db/domain/guide-views'
import type { AnalyticsModel } from '@/db/guide/analytics'
import type { Result } from '@/db/server/problem'
import { plural } from '../format'
import { CommandDialog } from '../indexes/command-dialog'
import { useMayAct } from '../shell/page-status'
import { useWhyNot } from '../shell/why-not'
import { Button } from '../ui/button'
import { Menu, MenuItem } from '../ui/menu'
import { ProblemPanel } from '../ui/problem-panel'
import { analyticsEvidence, analyticsTitle, toRefresh } from './analytics-messages'
import { CacheCard } from './cache-card'
import { GuideHead } from './guide-head'
import { MonthsCard } from './months-card'
import { ViewsTable } from './views-table'

interface AnalyticsViewProps {
  server: string
  database: string
  mayRun: boolean
  read: Result<AnalyticsModel>
}

/** Materialized views over the guide's tables, its tables by month, and whether a cache pays. */
export function AnalyticsView({ server, database, mayRun: allowed, read }: AnalyticsViewProps) {
  const mayRun = useMayAct(allowed)
  const whyNot = useWhyNot()
  const [asked, setAsked] = useState<CommandRequest[]>([])
  if (!read.ok)
    return (
      <>
        <GuideHead server={server} database={database} tab="analytics" title="The materialized views could not be read." />
        <ProblemPanel problem={read.problem} />
      </>
    )
  const model = read.value
  const { views, offered, tables, cache, schema } = model
  const base = `/${encodeURIComponent(server)}/db/${encodeURIComponent(database)}`
  const due = toRefresh(views)
  const off = { disabled: !mayRun, title: mayRun ? undefined : whyNot }
  return (
    <>
      <GuideHead
        server={server}
        database={database}
        tab="analytics"
        title={analyticsTitle(model)}
        actions={
          <>
            {offered.length > 0 && (
              <Menu trigger={<Button {...off}>New view…</Button>} align="end">
                {offered.map((view) => (
                  <MenuItem key={view} onClick={() => setAsked([createMaterializedViewRequest({ view, schema })])}>
                    {GUIDE_VIEWS[view].title}
                  </MenuItem>
                ))}
              </Menu>
            )}
            {due.length > 0 && (
              <Button
                variant="primary"
                {...off}
                onClick={() => setAsked(due.map(({ relid: oid }) => refreshMaterializedViewRequest({ oid })))}
              >
                Refresh {plural(due.length, 'view', 'views')}…
              </Button>
            )}
          </>
        }
      >
        {analyticsEvidence(model)}
      </GuideHead>
      {views.length > 0 && (
        <ViewsTable
          model={model}
          indexesHref={`${base}/indexes`}
          disabled={!mayRun}
          whyNot={whyNot}
          onRefresh={({ relid: oid }) => setAsked([refreshMaterializedViewRequest({ oid })])}
        />
      )}
      {tables.length > 0 && (
        <div className="mb-4 grid grid-cols-2 items-start gap-4 max-lg:grid-cols-1">
          {tables.map((table) => (
            <MonthsCard key={table.relid} table={table} tableHref={`${base}/tables/${table.relid}`} />
          ))}
        </div>
      )}
      <CacheCard cache={cache} />
      <CommandDialog server={server} database={database} commands={asked} onClose={() => setAsked([])} />
    </>
  )
}
