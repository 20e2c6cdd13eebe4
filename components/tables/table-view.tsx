'use client'
import dynamic from 'next/dynamic'
import Link from 'next/link'
import { useQueryStates } from 'nuqs'
import { useState } from 'react'
import { vacuumTableRequest } from '@/db/commands/vacuum-table/request'
import type { CommandRequest } from '@/db/domain/command-request'
import type { TableDescription } from '@/db/tables/describe-table'
import { CommandDialog } from '../indexes/command-dialog'
import type { LiveAnswer } from '../live/fetch-live'
import { useLive } from '../live/use-live'
import { useAnswerRead, useMayAct } from '../shell/page-status'
import { useWhyNot } from '../shell/why-not'
import { Button, ButtonLink } from '../ui/button'
import { PageHead } from '../ui/page-head'
import { ProblemPanel } from '../ui/problem-panel'
import { FilterChips } from '../ui/segmented'
import { AutovacuumCard } from './autovacuum-card'
import { ColumnsTab } from './columns-tab'
import { DeadRowsChart } from './dead-rows-chart'
import { DefinitionTab } from './definition-tab'
import { IndexesTab } from './indexes-tab'
import { KeysCard } from './keys-card'
import { OptionsTab } from './options-tab'
import { PartitionsTable } from './partitions-table'
import { ScansCard } from './scans-card'
import { SizeCard } from './size-card'
import { StatementsTab } from './statements-tab'
import { TableActions } from './table-actions'
import { tableName } from './table-messages'
import { TablePageKpis } from './table-page-kpis'
import { tablePageEvidence, tablePageTitle } from './table-page-messages'
import { TABS, type TableTab, tablePageParams } from './table-page-params'
import { TriggerTable } from './trigger-table'
import { useTableIndexes } from './use-table-indexes'

const TableOptions = dynamic(() => import('./table-options').then((module) => module.TableOptions), { ssr: false })
const AttachPartition = dynamic(() => import('./attach-partition').then((module) => module.AttachPartition), { ssr: false })

interface TableViewProps {
  server: string
  database: string
  relid: number
  /** What it was called when it was last seen, where it is gone now. */
  formerName: string | null
  mayRun: boolean
  initial: LiveAnswer<TableDescription>
}

/** The page of one table. */
export function TableView({ server, database, relid, formerName, mayRun: allowed, initial }: TableViewProps) {
  const mayRun = useMayAct(allowed)
  const [{ tab }, setParams] = useQueryStates(tablePageParams)
  const [asked, setAsked] = useState<CommandRequest[]>([])
  const [optionsOpen, setOptionsOpen] = useState(false)
  const [hadOptions, setHadOptions] = useState(false)
  // Null: never asked for, so that its code is not fetched.
  const [attaching, setAttaching] = useState<boolean | null>(null)
  const whyNot = useWhyNot()
  if (optionsOpen && !hadOptions) setHadOptions(true)
  const { answer = initial, failed } = useLive('table-detail', { server, database, relid }, { everyMs: 10_000, initial })
  useAnswerRead(answer, failed)
  const table = answer.ok ? answer.value : undefined
  const history = useLive('table-history', { server, database, relid }, { everyMs: 60_000, enabled: table !== undefined }).answer
  const sampled = history?.ok ? history.value : undefined
  const { rows, indexes, missing, since } = useTableIndexes({ server, database }, table)
  const tables = `/${encodeURIComponent(server)}/db/${encodeURIComponent(database)}/tables`
  const eyebrow = (name: string) => (
    <>
      <Link href={tables} className="underline">
        Tables
      </Link>{' '}
      / {name}
    </>
  )
  if (!table) {
    const gone = !answer.ok && answer.problem.kind === 'conflict'
    return (
      <>
        <PageHead
          eyebrow={eyebrow(formerName ?? `OID ${relid}`)}
          title={gone ? `${formerName ?? 'This table'} is gone.` : 'The table could not be read.'}
          actions={<ButtonLink href={tables}>All tables</ButtonLink>}
        >
          {gone && `No table of this database has the OID ${relid}: it was dropped, or made anew under another OID.`}
        </PageHead>
        {!answer.ok && !gone && <ProblemPanel problem={answer.problem} />}
      </>
    )
  }
  const { finding, autovacuum, columns, keys, partitions, problems } = table
  const dead = autovacuum?.triggers.find(({ kind }) => kind === 'dead')
  const readAt = answer.at
  const off = { disabled: !mayRun, title: mayRun ? undefined : whyNot }
  const ask = (request: CommandRequest) => setAsked([request])
  const counts: Partial<Record<TableTab, number>> = { columns: columns.length, indexes: rows.length, keys: keys.length }
  const keysCard = <KeysCard table={table} missing={missing} server={server} database={database} mayRun={mayRun} onAsk={ask} />
  return (
    <>
      <PageHead
        eyebrow={eyebrow(tableName(finding))}
        title={tablePageTitle(table)}
        actions={
          <HeadActions {...{ table, missing: missing.map((row) => row.finding), mayRun, ask }} onOptions={() => setOptionsOpen(true)} />
        }
      >
        {tablePageEvidence(table)}
      </PageHead>
      <TablePageKpis table={table} readAt={readAt} history={sampled} />
      {problems.map(({ part, problem }) => (
        <ProblemPanel key={part} className="mb-3" title={`Not read: ${part}`} problem={problem} />
      ))}
      <div className="mb-3">
        <FilterChips
          label="Part of the page"
          value={tab}
          choices={TABS.map((value) => ({ value, label: TAB_LABEL[value], count: counts[value]?.toString() }))}
          onChange={(value) => setParams({ tab: value })}
        />
      </div>
      {tab === 'summary' && (
        <div className="grid gap-4">
          <div className="grid gap-4 lg:grid-cols-[1.25fr_1fr]">
            <SizeCard table={table} indexes={indexes} history={sampled} readAt={readAt} />
            {autovacuum ? (
              <AutovacuumCard
                autovacuum={autovacuum}
                server={server}
                database={database}
                readAt={readAt}
                onOptions={mayRun ? () => setOptionsOpen(true) : undefined}
              >
                <DeadRowsChart history={sampled} threshold={dead?.at ?? null} now={dead?.now ?? 0} readAt={readAt} />
              </AutovacuumCard>
            ) : (
              <ScansCard table={table} history={sampled} readAt={readAt} />
            )}
          </div>
          {finding.kind === 'partitioned table' && (
            <PartitionsTable
              {...{ partitions, server, database, readAt }}
              action={
                <Button size="sm" {...off} onClick={() => setAttaching(true)}>
                  Attach partition…
                </Button>
              }
            />
          )}
          {autovacuum && <TriggerTable autovacuum={autovacuum} readAt={readAt} />}
          <div className="grid gap-4 lg:grid-cols-[1.25fr_1fr]">
            {autovacuum && <ScansCard table={table} history={sampled} readAt={readAt} />}
            {keysCard}
          </div>
        </div>
      )}
      {tab === 'columns' && <ColumnsTab table={table} readAt={readAt} mayRun={mayRun} onAsk={ask} />}
      {tab === 'indexes' && (
        <IndexesTab rows={rows} href={tables.replace(/tables$/, 'indexes')} since={since} readAt={readAt} mayRun={mayRun} onAsk={ask} />
      )}
      {tab === 'keys' && keysCard}
      {tab === 'statements' && <StatementsTab server={server} database={database} relid={relid} />}
      {tab === 'options' && (
        <OptionsTab server={server} database={database} relid={relid} mayRun={mayRun} onEdit={() => setOptionsOpen(true)} />
      )}
      {tab === 'definition' && <DefinitionTab server={server} database={database} relid={relid} />}
      {attaching !== null && (
        <AttachPartition {...{ server, database, table: finding }} open={attaching} onClose={() => setAttaching(false)} onAsk={ask} />
      )}
      {hadOptions && (
        <TableOptions
          server={server}
          database={database}
          table={optionsOpen ? finding : null}
          onClose={() => setOptionsOpen(false)}
          onAsk={ask}
        />
      )}
      <CommandDialog server={server} database={database} commands={asked} onClose={() => setAsked([])} />
    </>
  )
}

const TAB_LABEL: Record<TableTab, string> = {
  summary: 'Summary',
  columns: 'Columns',
  indexes: 'Indexes',
  keys: 'Foreign keys',
  statements: 'Statements',
  options: 'Options',
  definition: 'Definition',
}

interface HeadActionsProps {
  table: TableDescription
  missing: Parameters<typeof TableActions>[0]['missing']
  mayRun: boolean
  ask: (request: CommandRequest) => void
  onOptions: () => void
}

function HeadActions({ table: { finding }, missing, mayRun, ask, onOptions }: HeadActionsProps) {
  const whyNot = useWhyNot()
  const title = mayRun ? undefined : whyNot
  return (
    <>
      <TableActions row={finding} missing={missing} mayRun={mayRun} onAsk={ask} onOptions={onOptions} />
      {finding.kind !== 'partitioned table' && (
        <Button disabled={!mayRun} title={title} onClick={onOptions}>
          Table options…
        </Button>
      )}
      <Button disabled={!mayRun} title={title} onClick={() => ask(vacuumTableRequest({ oid: finding.relid }))}>
        VACUUM…
      </Button>
    </>
  )
}
