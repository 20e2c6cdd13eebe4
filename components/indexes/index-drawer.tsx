'use client'
import { RotateCw, Trash2 } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useState, useTransition } from 'react'
import { measureAgain } from '@/app/[server]/db/[database]/indexes/actions'
import type { Problem } from '@/db/server/problem'
import { bytes, count, exactCount, percent, share } from '../format'
import { useLive, useRefreshLive } from '../live/use-live'
import { useWhyNot } from '../shell/why-not'
import { Button } from '../ui/button'
import { Drawer, DrawerWays } from '../ui/drawer'
import { ProblemPanel } from '../ui/problem-panel'
import { SectionTitle } from '../ui/section-title'
import { Bar } from '../ui/skeleton'
import { Sql } from '../ui/sql'
import { definitionLines } from './definition-lines'
import type { DescribedIndex } from './described'
import { Evidence } from './evidence'
import { rebuildVerb } from './index-requests'
import { Measured } from './measured'
import { whyNotMeasured } from './measured-methods'
import type { RowActions } from './row-actions'
import { VerdictChip } from './verdict-chip'

const SizeHistory = dynamic(() => import('./size-history').then((module) => module.SizeHistory), { ssr: false })

interface IndexDrawerProps {
  server: string
  database: string
  indexrelid: number | null
  /** Where it stands in the list, from 0; null when it is not on the screen. */
  position: number | null
  total: number
  onMove: (by: 1 | -1) => void
  onClose: () => void
  actions: RowActions
}

export function IndexDrawer(props: IndexDrawerProps) {
  const { server, database, indexrelid, actions } = props
  const { answer, pending } = useLive('index-detail', { server, database, indexrelid }, { enabled: indexrelid !== null, everyMs: 15_000 })
  const shown = answer?.ok && answer.value.finding.indexrelid === indexrelid ? answer.value : undefined
  const problem = answer && !answer.ok && !pending ? answer.problem : undefined
  const readAt = answer?.at ?? ''
  return (
    <Drawer
      open={indexrelid !== null}
      onClose={props.onClose}
      label={shown ? `Index ${shown.finding.indexrelname}` : 'Index'}
      header={<DrawerHead index={shown} {...props} />}
      footer={shown && <DrawerFoot key={indexrelid} index={shown} server={server} database={database} actions={actions} />}
    >
      {problem ? (
        <ProblemPanel title="This index could not be read" problem={problem} />
      ) : !shown ? (
        <Loading />
      ) : (
        <>
          <SectionTitle>Definition</SectionTitle>
          {shown.detail.definition ? (
            <Sql sql={`${definitionLines(shown.detail.definition)};`} exact={`${shown.detail.definition};`} />
          ) : (
            <p className="text-ink-3">Not read: {shown.detail.skipped}</p>
          )}
          <Evidence index={shown} readAt={readAt} />
          <SizeHistory index={shown} readAt={readAt} />
          <Measured index={shown} readAt={readAt} />
        </>
      )}
    </Drawer>
  )
}

type HeadProps = Pick<IndexDrawerProps, 'position' | 'total' | 'onMove' | 'onClose'> & { index?: DescribedIndex }

function DrawerHead({ index, position, total, onMove, onClose }: HeadProps) {
  const finding = index?.finding
  return (
    <>
      <div className="flex items-center gap-2">
        {finding ? (
          <>
            <VerdictChip verdict={finding.verdict} />
            <span className="truncate text-ink-3">
              {finding.schemaname === 'public' ? '' : `${finding.schemaname}.`}
              {finding.relname}, {finding.amname}
              {index.detail.table_rows !== null && `, ${exactCount(Math.round(index.detail.table_rows))} rows`}
            </span>
          </>
        ) : (
          <Bar className="w-48" />
        )}
        <DrawerWays what="index" position={position === null ? undefined : { at: position, of: total }} onMove={onMove} onClose={onClose} />
      </div>
      <div className="mt-1.5 min-h-[22px]">
        {finding && (
          <h2 className="font-mono text-[16px]! leading-[22px] tracking-[-.03em]! [overflow-wrap:anywhere]">{finding.indexrelname}</h2>
        )}
      </div>
      <p className="mt-2 flex min-h-[18px] flex-wrap gap-x-[22px] gap-y-1 text-cell text-ink-2">
        {finding && (
          <>
            <span>
              <b className="font-medium text-ink">{bytes(finding.bytes)}</b> size
            </span>
            <span>
              <b className="font-medium text-ink">{finding.bloatBytes === null ? 'n/a' : bytes(finding.bloatBytes)}</b> bloat
              {finding.bloatRatio !== null && `, ${percent(finding.bloatRatio)}`}
            </span>
            <span>
              <b className="font-medium text-ink">{count(finding.idxScan)}</b> scans
            </span>
            {finding.tableShare !== null && (
              <span>
                <b className="font-medium text-ink">{share(finding.tableShare)}</b> of table scans
              </span>
            )}
          </>
        )}
      </p>
    </>
  )
}

function DrawerFoot({
  index,
  server,
  database,
  actions,
}: {
  index: DescribedIndex
  server: string
  database: string
  actions: RowActions
}) {
  const whyNot = useWhyNot()
  const { finding, detail, dropGuard } = index
  // What no choice can allow; of anything else the confirmation warns.
  const forbidden = detail.conname !== null || detail.root !== null || detail.referenced_by.length > 0 || detail.indisreplident
  const unmeasured = whyNotMeasured(finding.amname)
  const [measuring, measure] = useTransition()
  const [problem, setProblem] = useState<Problem>()
  const refresh = useRefreshLive()
  const again = () =>
    measure(async () => {
      const result = await measureAgain(server, database, finding.indexrelid)
      setProblem(result.ok ? undefined : result.problem)
      await Promise.all([refresh('index-detail'), refresh('list-indexes')])
    })
  return (
    <>
      {problem && <ProblemPanel title="Not measured" problem={problem} className="w-full" />}
      <Button
        variant="primary"
        disabled={!actions.mayRun}
        title={actions.mayRun ? undefined : whyNot}
        onClick={() => actions.rebuild([finding])}
      >
        <RotateCw aria-hidden />
        {finding.invalid?.action === 'attach' ? `${rebuildVerb(finding)}…` : 'Reindex…'}
      </Button>
      <Button
        variant="danger"
        disabled={!actions.mayRun || forbidden}
        title={actions.mayRun ? undefined : whyNot}
        onClick={() => actions.drop([finding])}
      >
        <Trash2 aria-hidden />
        Drop…
      </Button>
      {dropGuard && (
        <span className="min-w-0 flex-1 text-label text-ink-3 [overflow-wrap:anywhere] max-sm:order-last max-sm:basis-full">
          {dropGuard}
        </span>
      )}
      <Button
        variant="quiet"
        className="ml-auto"
        disabled={measuring || unmeasured !== null}
        title={unmeasured ?? undefined}
        onClick={again}
      >
        {measuring ? 'Measuring …' : 'Measure again'}
      </Button>
    </>
  )
}

function Loading() {
  return (
    <div role="status" aria-label="Reading the index" className="grid gap-3">
      <Bar className="w-24" />
      <div className="h-[74px] rounded-control bg-sunken" />
      <Bar className="w-32" />
      <div className="h-[200px] rounded-control bg-sunken" />
    </div>
  )
}
