'use client'
import dynamic from 'next/dynamic'
import { useMemo, useState } from 'react'
import { bytesShort, exactCount, plural } from '../format'
import type { LiveAnswer } from '../live/fetch-live'
import { useLive } from '../live/use-live'
import { useNavCount, useReadAt } from '../shell/page-status'
import { BugBoundary } from '../ui/bug-panel'
import { Button } from '../ui/button'
import { PageHead } from '../ui/page-head'
import { ProblemPanel } from '../ui/problem-panel'
import { IndexCharts } from './charts'
import { CheckResult } from './check-result'
import { CommandDialog } from './command-dialog'
import { EmptyList } from './empty-list'
import { MISSING_SHOWN } from './index-params'
import { RESET_DATABASE } from './index-requests'
import { IndexTable } from './index-table'
import { IndexKpis } from './kpis'
import { MISSING_INDEXES, MissingCard, type MissingIndexes } from './missing-indexes'
import { actionable, evidence, verdictSentence, windowStart } from './overview-messages'
import { PageActions } from './page-actions'
import { SelectionBar } from './selection-bar'
import { Toolbar } from './toolbar'
import { type IndexPageGiven, useIndexPage } from './use-index-page'

const UsageOverTime = dynamic(() => import('./usage-over-time').then((module) => module.UsageOverTime), { ssr: false })
// The drawer is fetched when an index is first opened.
const IndexDrawer = dynamic(() => import('./index-drawer').then((module) => module.IndexDrawer), { ssr: false })
const NewIndex = dynamic(() => import('./new-index').then((module) => module.NewIndex), { ssr: false })

interface IndexViewProps extends IndexPageGiven {
  /** Proposals of new indexes, the first few. */
  missing: LiveAnswer<MissingIndexes>
}

/** The index page: the verdict, the numbers, two charts, the list, and the drawer of one index. */
export function IndexView(props: IndexViewProps) {
  const page = useIndexPage(props)
  const { list, readAt, query } = page
  // Once open it stays, so that it can close by itself and give the focus back.
  const [wasOpen, setWasOpen] = useState(false)
  if (page.openIndex !== null && !wasOpen) setWasOpen(true)
  const [making, setMaking] = useState<'never' | 'open' | 'closed'>('never')
  const { server, database } = props
  const missing = useLive<MissingIndexes>(
    MISSING_INDEXES,
    { server, database, limit: MISSING_SHOWN },
    { initial: props.missing, everyMs: 60_000 },
  )
  useReadAt(readAt, page.stale)
  useNavCount(`indexes of ${props.server}/${props.database}`, list ? actionable(list.summary) : 0)
  const { mayRun } = props
  const { actions: act } = page
  const actions = useMemo(() => ({ ...act, mayRun }), [act, mayRun])
  const since = list ? windowStart(list.summary) : null
  const context = useMemo(() => ({ windowStart: since, readAt }), [since, readAt])
  if (!list) {
    return (
      <>
        <PageHead eyebrow="Index health" title="The indexes could not be read." />
        {page.problem && (
          <ProblemPanel
            problem={page.problem}
            action={
              <Button size="sm" onClick={page.refresh}>
                Retry
              </Button>
            }
          />
        )}
      </>
    )
  }
  const { summary, unused, chart } = list
  const { counts } = summary
  return (
    <>
      <PageHead
        eyebrow="Index health"
        title={verdictSentence(summary)}
        actions={
          <PageActions
            selected={page.selected.length}
            rebuilds={counts.bloated}
            drops={counts.unused + counts.redundant + counts.invalid}
            onCopy={page.copyAll}
            exportHref={page.exportHref}
            checking={page.check.running}
            mayRun={props.mayRun}
            onCheck={page.check.run}
            onNewIndex={() => setMaking('open')}
          />
        }
      >
        {evidence(summary, unused, props.database)}
      </PageHead>
      <CheckResult check={page.check} readAt={readAt} server={props.server} database={props.database} mayRun={mayRun} />
      {list.problems.map(({ part, problem }) => (
        <ProblemPanel key={part} title={`No ${part}`} problem={problem} className="mb-4" />
      ))}
      {page.problem && <ProblemPanel title="Not refreshed" problem={page.problem} className="mb-4" />}
      <IndexKpis
        summary={summary}
        unused={unused}
        database={props.database}
        readAt={readAt}
        onReset={mayRun ? () => page.ask(RESET_DATABASE) : undefined}
      />
      {chart && chart.largest.length > 0 && (
        <BugBoundary title="The charts">
          <IndexCharts chart={chart} judged={unused.withheld === null} onPick={act.open} />
        </BugBoundary>
      )}
      <UsageOverTime server={props.server} database={props.database} />
      <MissingCard answer={missing.answer} mayRun={mayRun} onAsk={page.ask} onAll={() => setMaking('open')} />
      <Toolbar
        counts={list.counts}
        verdict={query.verdict}
        onVerdict={page.setVerdict}
        search={page.search}
        onSearch={page.setSearch}
        searchRef={page.searchRef}
        hidden={page.hidden}
        onHidden={page.setHidden}
      />
      <IndexTable
        total={list.total}
        query={query}
        first={page.first}
        rowsRef={page.rowsRef}
        onSeen={page.onSeen}
        sort={page.sort}
        dir={page.dir}
        onSort={page.setSort}
        hidden={page.hidden}
        selected={page.selected}
        onSelect={page.toggle}
        onSelectAll={page.setAll}
        cursor={page.cursor}
        openIndex={page.openIndex}
        context={context}
        actions={actions}
        footer={
          <>
            <span>
              {list.total === summary.total
                ? plural(list.total, 'index', 'indexes')
                : `${exactCount(list.total)} of ${exactCount(summary.total)} indexes`}
            </span>
            <span>{bytesShort(summary.bytes)}</span>
            <span>Reclaim: bloat for Bloated, whole size for Unused, Redundant and Invalid</span>
          </>
        }
        empty={<EmptyList summary={summary} unused={unused} query={query} database={props.database} />}
      />
      <SelectionBar selected={page.selected} rows={page.selectedRows} actions={actions} onClear={page.clear} />
      {wasOpen && (
        <IndexDrawer
          server={props.server}
          database={props.database}
          indexrelid={page.openIndex}
          position={page.openPosition}
          total={list.total}
          onMove={page.move}
          onClose={page.close}
          actions={actions}
        />
      )}
      {making !== 'never' && (
        <NewIndex server={server} database={database} open={making === 'open'} onClose={() => setMaking('closed')} onAsk={page.ask} />
      )}
      <CommandDialog server={props.server} database={props.database} commands={page.asked} onClose={page.endAsking} />
    </>
  )
}
