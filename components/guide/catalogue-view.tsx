'use client'
import { Download } from 'lucide-react'
import { useQueryStates } from 'nuqs'
import { useState } from 'react'
import type { CommandRequest } from '@/db/domain/command-request'
import type { CatalogueAnswer } from '@/db/guide/catalogue/read-catalogue'
import { moment } from '../format-time'
import { CommandDialog } from '../indexes/command-dialog'
import type { LiveAnswer } from '../live/fetch-live'
import { useLive } from '../live/use-live'
import { useMayAct, useNavCount, useReadAt } from '../shell/page-status'
import { useWhyNot } from '../shell/why-not'
import { Button } from '../ui/button'
import { Menu, MenuLink } from '../ui/menu'
import { ProblemPanel } from '../ui/problem-panel'
import { FilterChips } from '../ui/segmented'
import { CatalogueKpis } from './catalogue-kpis'
import { requestOf } from './catalogue-line'
import { catalogueEvidence, catalogueTitle, isCreatable, isDroppable, rowsShown } from './catalogue-messages'
import { catalogueParams, SHOWN, type Shown } from './catalogue-params'
import { CatalogueTable } from './catalogue-table'
import { GuideHead } from './guide-head'
import { MissingParts } from './missing-parts'
import { QueryLegend } from './query-squares'
import { SchemaChoice } from './schema-choice'

interface CatalogueViewProps {
  server: string
  database: string
  mayRun: boolean
  initial: LiveAnswer<CatalogueAnswer>
}

const EVERY_MS = 30_000
const LABEL: Record<Shown, string> = { all: 'All', action: 'Needs action', print: 'Wrong in print', unused: 'Not scanned' }

/** Every index of the guide: what there is of it here, what was wrong in print, and what reads it. */
export function CatalogueView({ server, database, mayRun: allowed, initial }: CatalogueViewProps) {
  const mayRun = useMayAct(allowed)
  const whyNot = useWhyNot()
  const [{ show, open, schema }, setParams] = useQueryStates(catalogueParams)
  const [rendered] = useState(schema)
  const [commands, setCommands] = useState<CommandRequest[]>([])
  const at = { server, database, schema }
  const live = useLive('guide-catalogue', at, { everyMs: EVERY_MS, initial: schema === rendered ? initial : undefined })
  const plans = useLive('guide-plans', at, { everyMs: 2 * EVERY_MS }).answer
  const answer = live.answer ?? initial
  useReadAt(answer.at, live.failed || !answer.ok)
  const rows = answer.ok ? answer.value.rows : []
  const [creatable, droppable] = [rows.filter(isCreatable), rows.filter(isDroppable)]
  useNavCount(`guide of ${server}/${database}`, creatable.length + droppable.length)
  if (!answer.ok)
    return (
      <>
        <GuideHead server={server} database={database} tab="indexes" title="The indexes of the guide could not be read." />
        <ProblemPanel problem={answer.problem} />
      </>
    )
  const base = `/${encodeURIComponent(server)}/db/${encodeURIComponent(database)}`
  const planned = plans?.ok ? plans.value : undefined
  const ask = (chosen: typeof rows) => setCommands(chosen.flatMap((row) => requestOf(row) ?? []))
  const exportHref = (format: string) => `${base}/guide/export?${new URLSearchParams({ show, format, ...(schema !== null && { schema }) })}`
  return (
    <>
      <GuideHead
        server={server}
        database={database}
        tab="indexes"
        title={catalogueTitle(answer.value)}
        actions={
          <>
            <Menu icon={<Download aria-hidden />} trigger="Export" align="end">
              <MenuLink href={exportHref('csv')} download note=".csv">
                CSV
              </MenuLink>
              <MenuLink href={exportHref('json')} download note=".json">
                JSON
              </MenuLink>
              <MenuLink href={exportHref('md')} download note=".md">
                Markdown report
              </MenuLink>
            </Menu>
            {droppable.length > 0 && (
              <Button disabled={!mayRun} title={mayRun ? undefined : whyNot} onClick={() => ask(droppable)}>
                {droppable.length === 1 ? 'Drop index…' : `Drop ${droppable.length} indexes…`}
              </Button>
            )}
            {creatable.length > 0 && (
              <Button variant="primary" disabled={!mayRun} title={mayRun ? undefined : whyNot} onClick={() => ask(creatable)}>
                {creatable.length === 1 ? 'Create index…' : `Create ${creatable.length} indexes…`}
              </Button>
            )}
          </>
        }
      >
        {catalogueEvidence(answer.value)}
      </GuideHead>
      <SchemaChoice answer={answer.value} onChoose={(next) => void setParams({ schema: next, open: null })} />
      <MissingParts missing={answer.value.missing} />
      <CatalogueKpis rows={rows} plans={planned} />
      <div className="mb-2 flex flex-wrap items-center justify-between gap-2">
        <FilterChips
          label="Which indexes"
          value={show}
          choices={SHOWN.map((value) => ({ value, label: LABEL[value], count: String(rowsShown(rows, value).length) }))}
          onChange={(next) => void setParams({ show: next })}
        />
        {planned && <QueryLegend plans={planned} />}
      </div>
      {plans && !plans.ok && <ProblemPanel className="mb-3" title="The five queries were not planned" problem={plans.problem} />}
      <CatalogueTable
        rows={rowsShown(rows, show)}
        open={open}
        plans={planned}
        indexes={`${base}/indexes`}
        since={answer.value.since}
        mayRun={mayRun}
        onOpen={(next) => void setParams({ open: next })}
        onAsk={(request) => setCommands([request])}
        footer={
          <>
            <span>Scans since {moment(answer.value.since)}.</span>
            <span>Indexes are compared by method, key, order and predicate, not by name.</span>
            <span>Errors in print are the answers of PostgreSQL 14 to 18. About the guide: docs/guide.md.</span>
          </>
        }
      />
      <CommandDialog server={server} database={database} commands={commands} onClose={() => setCommands([])} />
    </>
  )
}
