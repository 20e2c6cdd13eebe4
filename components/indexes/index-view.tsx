'use client'
import dynamic from 'next/dynamic'
import { useMemo, useState } from 'react'
import type { IndexList } from '@/db/indexes/list-indexes'
import { bytesShort, exactCount, plural } from '../format'
import { useMayAct, useNavCount, useReadAt } from '../shell/page-status'
import { BugBoundary } from '../ui/bug-panel'
import { Button } from '../ui/button'
import { PageHead } from '../ui/page-head'
import { ProblemPanel } from '../ui/problem-panel'
import { IndexCharts } from './charts'
import { CheckResult, LastCheckLine } from './check-result'
import { CommandDialog } from './command-dialog'
import { EmptyList } from './empty-list'
import { RESET_DATABASE } from './index-requests'
import { IndexTable } from './index-table'
import { IndexKpis } from './kpis'
import { actionable, evidence, verdictSentence, windowStart } from './overview-messages'
import { PageActions } from './page-actions'
import { SelectionBar } from './selection-bar'
import { Toolbar } from './toolbar'
import { type IndexPageGiven, useIndexPage } from './use-index-page'

// The drawer is fetched when an index is first opened.
const IndexDrawer = dynamic(() => import('./index-drawer').then((module) => module.IndexDrawer), { ssr: false })
const MissingDrawer = dynamic(() => import('./missing-drawer').then((module) => module.MissingDrawer), { ssr: false })
const NewIndex = dynamic(() => import('./new-index').then((module) => module.NewIndex), { ssr: false })

/** The index page: the verdict, the numbers, two charts, the list, and the drawer of one index. */
export function IndexView(props: IndexPageGiven) {
  const mayRun = useMayAct(props.mayRun)
  const page = useIndexPage({ ...props, mayRun })
  const { list, readAt, query } = page
  // Once open it stays, so that it can close by itself and give the focus back.
  const [wasOpen, setWasOpen] = useState(false)
  if (page.openIndex !== null && !wasOpen) setWasOpen(true)
  const [making, setMaking] = useState<'never' | 'open' | 'closed'>('never')
  const { server, database } = props
  useReadAt(readAt, page.stale)
  useNavCount(`indexes of ${props.server}/${props.database}`, list ? actionable(list.summary) + (list.missing ?? 0) : 0)
  const { actions: act } = page
  const actions = useMemo(() => ({ ...act, mayRun }), [act, mayRun])
  const since = list ? windowStart(list.summary) : null
  const context = useMemo(() => ({ windowStart: since, readAt }), [since, readAt])
  if (!list) {
    return (
      <>
        <PageHead eyebrow="Indexes" title="The indexes could not be read." />
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
        eyebrow="Indexes"
        title={verdictSentence(summary, list.missing)}
        wide
        actions={
          <PageActions
            selected={page.selected.length}
            rebuilds={counts.bloated}
            drops={counts.unused + counts.redundant + counts.invalid}
            onCopy={page.copyAll}
            exportHref={page.exportHref}
            checking={page.check.running}
            mayRun={mayRun}
            onCheck={page.check.run}
            onNewIndex={() => setMaking('open')}
          />
        }
      >
        {evidence(summary, unused, props.database)}
      </PageHead>
      <CheckResult check={page.check} readAt={readAt} />
      {list.problems.map(({ part, problem }) => (
        <ProblemPanel key={part} title={`Not read: ${part}`} problem={problem} className="mb-4" />
      ))}
      {page.problem && <ProblemPanel title="Not refreshed" problem={page.problem} className="mb-4" />}
      <IndexKpis
        summary={summary}
        unused={unused}
        missing={list.missing}
        database={props.database}
        readAt={readAt}
        onReset={mayRun ? () => page.ask(RESET_DATABASE) : undefined}
      />
      {chart && chart.largest.length > 0 && (
        <BugBoundary title="The charts">
          <IndexCharts server={server} database={database} chart={chart} judged={unused.withheld === null} onPick={act.open} />
        </BugBoundary>
      )}
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
            <span>{footWords(list)}</span>
            <span>{bytesShort(summary.bytes)}</span>
            <span>Reclaim: bloat for Bloated, whole size for Unused, Redundant and Invalid</span>
            <LastCheckLine check={page.check} readAt={readAt} server={server} database={database} mayRun={mayRun} />
          </>
        }
        empty={<EmptyList summary={summary} unused={unused} missing={list.missing} query={query} database={props.database} />}
      />
      <SelectionBar selected={page.selected} rows={page.selectedRows} actions={actions} onClear={page.clear} />
      {wasOpen && (
        <IndexDrawer
          server={props.server}
          database={props.database}
          indexrelid={page.openIndex !== null && page.openIndex >= 0 ? page.openIndex : null}
          position={page.openPosition}
          total={list.total}
          onMove={page.move}
          onClose={page.close}
          actions={actions}
        />
      )}
      {wasOpen && (
        <MissingDrawer
          server={server}
          database={database}
          id={page.openIndex !== null && page.openIndex < 0 ? page.openIndex : null}
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

/** 47 indexes and 2 missing; of a filter how many of them. */
function footWords({ total, summary, missing }: IndexList): string {
  const whole = `${plural(summary.total, 'index', 'indexes')}${missing ? ` and ${exactCount(missing)} missing` : ''}`
  return total === summary.total + (missing ?? 0) ? whole : `${exactCount(total)} of ${whole}`
}
