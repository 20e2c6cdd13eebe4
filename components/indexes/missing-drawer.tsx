'use client'
import { Plus } from 'lucide-react'
import { listedId } from '@/db/domain/listed-row'
import { useLive } from '../live/use-live'
import { useWhyNot } from '../shell/why-not'
import { Button } from '../ui/button'
import { Drawer, DrawerWays } from '../ui/drawer'
import { ProblemPanel } from '../ui/problem-panel'
import { SectionTitle } from '../ui/section-title'
import { Bar } from '../ui/skeleton'
import { Sql } from '../ui/sql'
import type { RowActions } from './row-actions'
import { isBuildable, isMissing } from './selection-commands'
import { REFRESH_MS } from './use-index-list'
import { VerdictChip } from './verdict-chip'

interface MissingDrawerProps {
  server: string
  database: string
  /** As it stands in the list; null: closed. */
  id: number | null
  position: number | null
  total: number
  onMove: (by: 1 | -1) => void
  onClose: () => void
  actions: RowActions
}

/** An index that a foreign key lacks: why it is asked for, and the statement that builds it. */
export function MissingDrawer({ server, database, id, position, total, onMove, onClose, actions }: MissingDrawerProps) {
  const whyNot = useWhyNot()
  const { answer, pending } = useLive(
    'list-indexes',
    { server, database, ids: String(id), limit: 1 },
    { enabled: id !== null, everyMs: REFRESH_MS },
  )
  const found = answer?.ok ? answer.value.rows.filter(isMissing).find((row) => listedId(row) === id) : undefined
  const gone = answer?.ok && !pending && !found
  return (
    <Drawer
      open={id !== null}
      onClose={onClose}
      label={found?.finding.title ?? 'Missing index'}
      header={
        <>
          <div className="flex items-center gap-2">
            <VerdictChip verdict="missing" />
            <span className="truncate text-ink-3">{found?.finding.relname}</span>
            <DrawerWays
              what="index"
              position={position === null ? undefined : { at: position, of: total }}
              onMove={onMove}
              onClose={onClose}
            />
          </div>
          <h2 className="mt-1.5 min-h-[22px] text-[16px]! leading-[22px] [overflow-wrap:anywhere]">{found?.finding.title}</h2>
        </>
      }
      footer={
        found &&
        isBuildable(found) && (
          <Button
            variant="primary"
            disabled={!actions.mayRun}
            title={actions.mayRun ? undefined : whyNot}
            onClick={() => actions.create([found])}
          >
            <Plus aria-hidden />
            Create index…
          </Button>
        )
      }
    >
      {answer && !answer.ok && !pending && <ProblemPanel title="This foreign key could not be read" problem={answer.problem} />}
      {gone && <p className="text-ink-3">An index serves it now, or the foreign key was dropped.</p>}
      {!answer && <Bar className="w-48" />}
      {found && (
        <>
          <SectionTitle>Why</SectionTitle>
          <p className="[overflow-wrap:anywhere]">{found.finding.evidence}</p>
          {found.finding.sql && (
            <>
              <SectionTitle>Proposed index</SectionTitle>
              <Sql sql={found.finding.sql} exact={found.finding.sql} />
            </>
          )}
        </>
      )}
    </Drawer>
  )
}
