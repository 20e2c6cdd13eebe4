'use client'
import dynamic from 'next/dynamic'
import { useQueryStates } from 'nuqs'
import { useRef, useState } from 'react'
import { analyzeDatabaseRequest } from '@/db/commands/analyze-database/request'
import { resetStatisticsRequest } from '@/db/commands/reset-statistics/request'
import { vacuumDatabaseRequest } from '@/db/commands/vacuum-database/request'
import type { CommandRequest } from '@/db/domain/command-request'
import { TABLE_SHOWS, type TableSort } from '@/db/domain/table-params'
import type { TableList } from '@/db/tables/list-tables'
import type { TableFinding } from '@/db/tables/table-health'
import { ConfirmDialog } from '../confirm/confirm-dialog'
import { bytesShort, exactCount } from '../format'
import type { LiveAnswer } from '../live/fetch-live'
import { useLive } from '../live/use-live'
import { useAnswerRead, useMayAct } from '../shell/page-status'
import { useWhyNot } from '../shell/why-not'
import { Button } from '../ui/button'
import { PageHead } from '../ui/page-head'
import { EmptyState, ProblemPanel } from '../ui/problem-panel'
import { SearchField } from '../ui/search-field'
import { FilterChips, Segmented } from '../ui/segmented'
import { useShortcuts } from '../ui/use-shortcuts'
import { BloatedCatalogs } from './bloated-catalogs'
import { TableActions } from './table-actions'
import { COLUMNS } from './table-columns'
import { tableHref } from './table-href'
import { TableKpis } from './table-kpis'
import { tableName, tablesEvidence, tablesTitle } from './table-messages'
import { firstDirection, tableParams } from './table-params'
import { TablesTable } from './tables-table'
import { USAGE_COLUMNS } from './usage-columns'
import { useTables } from './use-tables'
import { VacuumsCard } from './vacuums-card'

const TableOptions = dynamic(() => import('./table-options').then((module) => module.TableOptions), { ssr: false })

interface TablesViewProps {
  server: string
  database: string
  mayRun: boolean
  initial: LiveAnswer<TableList>
}

const LABELS = { all: 'All', act: 'Needs action', due: 'For autovacuum', views: 'Materialized views', partitions: 'Partitions' }
const MOST_MISSING = 500

/** The page of a database's tables. */
export function TablesView({ server, database, mayRun: allowed, initial }: TablesViewProps) {
  const mayRun = useMayAct(allowed)
  const whyNot = useWhyNot()
  const [params, setParams] = useQueryStates(tableParams)
  const [fresh] = useState(params)
  const [asked, setAsked] = useState<CommandRequest>()
  const [optionsOf, setOptionsOf] = useState<TableFinding | null>(null)
  // Once open it stays, so that it can close by itself and give the focus back.
  const [hadOptions, setHadOptions] = useState(false)
  if (optionsOf !== null && !hadOptions) setHadOptions(true)
  const proposals = useLive('missing-indexes', { server, database, limit: MOST_MISSING }, { everyMs: 60_000 }).answer
  const byTable = Map.groupBy(proposals?.ok ? proposals.value.findings : [], tableName)
  const missing = (row: TableFinding) => byTable.get(tableName(row)) ?? []
  const { cols: _, ...filter } = params
  const ask = { server, database, ...filter }
  const { first, rowAt, show } = useTables(ask, params === fresh ? initial : undefined)
  const { answer, failed } = first
  useAnswerRead(answer ?? initial, failed)
  const search = useRef<HTMLInputElement>(null)
  useShortcuts({ '/': () => search.current?.focus() })
  const list = answer?.ok ? answer.value : undefined
  if (!list) {
    const problem = answer && !answer.ok ? answer.problem : undefined
    return (
      <>
        <PageHead eyebrow="Tables" title={problem ? 'The tables could not be read.' : 'Reading the tables …'} />
        {problem && <ProblemPanel problem={problem} />}
      </>
    )
  }
  const { summary, total } = list
  const counts = { all: summary.total, act: summary.act, due: summary.due, views: summary.views, partitions: summary.partitions }
  const sortBy = (sort: TableSort) =>
    setParams({ sort, dir: params.sort === sort ? (params.dir === 'asc' ? 'desc' : 'asc') : firstDirection(sort) })
  return (
    <>
      <PageHead
        eyebrow="Tables"
        title={tablesTitle(summary)}
        actions={
          <>
            <Button disabled={!mayRun} title={mayRun ? undefined : whyNot} onClick={() => setAsked(vacuumDatabaseRequest({}))}>
              Vacuum database…
            </Button>
            <Button disabled={!mayRun} title={mayRun ? undefined : whyNot} onClick={() => setAsked(analyzeDatabaseRequest({}))}>
              Analyze database…
            </Button>
          </>
        }
      >
        {tablesEvidence(summary)}
      </PageHead>
      <TableKpis
        database={database}
        summary={summary}
        readAt={answer?.at ?? initial.at}
        onReset={mayRun ? () => setAsked(resetStatisticsRequest({ of: 'database' })) : undefined}
      />
      {summary.skipped.length > 0 && <Skipped skipped={summary.skipped} />}
      <VacuumsCard server={server} database={database} />
      <div className="mb-2.5 flex flex-wrap items-center gap-2.5">
        <FilterChips
          label="Show"
          value={params.show}
          choices={TABLE_SHOWS.filter((value) => (value !== 'partitions' && value !== 'views') || counts[value] > 0).map((value) => ({
            value,
            label: LABELS[value],
            count: exactCount(counts[value]),
          }))}
          // The queue of autovacuum begins with the table that is furthest over its threshold.
          onChange={(value) => setParams({ show: value, ...(value === 'due' && { sort: 'due', dir: 'desc' }) })}
        />
        <Segmented
          label="Columns"
          value={params.cols}
          choices={[
            { value: 'maintenance', label: 'Maintenance' },
            { value: 'usage', label: 'Usage' },
          ]}
          onChange={(cols) => setParams({ cols })}
        />
        <SearchField
          ref={search}
          className="ml-auto max-sm:ml-0"
          label="Search tables"
          shortcut="/"
          value={params.q}
          onChange={(q) => setParams({ q }, { throttleMs: 200 })}
        />
      </div>
      <TablesTable
        columns={params.cols === 'usage' ? USAGE_COLUMNS : COLUMNS}
        total={total}
        rowAt={rowAt}
        onShow={show}
        sort={params.sort}
        dir={params.dir}
        onSort={sortBy}
        context={{
          readAt: answer?.at ?? initial.at,
          since: summary.statsReset ?? summary.statsSince,
          missing,
          href: ({ relid }) => tableHref(server, database, relid),
        }}
        actions={(row) => <TableActions row={row} missing={missing(row)} mayRun={mayRun} onAsk={setAsked} onOptions={setOptionsOf} />}
        footer={
          <>
            <span>{exactCount(total)} tables</span>
            <span>
              {bytesShort(summary.bytes)} with TOAST, {bytesShort(summary.indexBytes)} indexes
            </span>
            <span>Autovacuum at: threshold + scale factor × reltuples, the table's own where it has them</span>
          </>
        }
        empty={
          <EmptyState title={params.q ? `No table name contains “${params.q}”.` : 'No such table.'}>
            {exactCount(summary.total)} tables checked.
          </EmptyState>
        }
      />
      <BloatedCatalogs catalogs={summary.catalogs} />
      {hadOptions && (
        <TableOptions server={server} database={database} table={optionsOf} onClose={() => setOptionsOf(null)} onAsk={setAsked} />
      )}
      <ConfirmDialog
        server={server}
        database={database}
        commands={asked ? [asked] : []}
        open={asked !== undefined}
        onOpenChange={(open) => !open && setAsked(undefined)}
      />
    </>
  )
}

function Skipped({ skipped }: { skipped: { relname: string; why: string }[] }) {
  const shown = skipped.slice(0, 3).map(({ relname, why }) => `${relname} (${why})`)
  return (
    <p className="mb-3 rounded-control border border-warn-line bg-warn-soft px-3 py-2 text-cell text-ink-2">
      Not measured because of a lock: {shown.join(', ')}
      {skipped.length > 3 && ` and ${skipped.length - 3} more`}. Their other numbers are current.
    </p>
  )
}
