'use client'
import { type ReactNode, useState } from 'react'
import { dropReplicationSlotRequest } from '@/db/commands/drop-replication-slot/request'
import { makeCheckpointRequest } from '@/db/commands/make-checkpoint/request'
import type { CommandRequest } from '@/db/domain/command-request'
import { clock } from '../format-time'
import { CommandDialog } from '../indexes/command-dialog'
import type { LiveAnswer } from '../live/fetch-live'
import { useLive } from '../live/use-live'
import { useMayAct, useNavCount, useReadAt } from '../shell/page-status'
import { useWhyNot } from '../shell/why-not'
import { Button } from '../ui/button'
import { classes } from '../ui/class-names'
import { PageHead } from '../ui/page-head'
import { ProblemPanel } from '../ui/problem-panel'
import { Sql } from '../ui/sql'
import { problemsOf, replicationEvidence, replicationTitle } from './replication-messages'
import type { ReplicationAnswer } from './replication-types'
import { SlotTable } from './slot-table'
import { Topology } from './topology'
import { ArchiveCard, CheckpointCard, ConflictCard } from './wal-cards'
import { WhatToDo } from './what-to-do'

interface ReplicationViewProps {
  server: string
  database: string
  /** What people call the server. */
  name: string
  mayRun: boolean
  initial: LiveAnswer<ReplicationAnswer>
  /** Charts over time. */
  children?: ReactNode
}

const EVERY_MS = 10_000

/** Who follows this server and how far, what WAL is kept for whom, and what its archive has. */
export function ReplicationView({ server, database, name, mayRun: allowed, initial, children }: ReplicationViewProps) {
  const mayRun = useMayAct(allowed)
  const whyNot = useWhyNot()
  const { answer, failed } = useLive('replication', { server, database }, { initial, everyMs: EVERY_MS })
  const [asked, setAsked] = useState<CommandRequest[]>([])
  const [last, setLast] = useState(initial.ok ? initial : undefined)
  if (answer?.ok && answer !== last) setLast(answer)
  const shown = answer?.ok ? answer : last
  const problem = answer && !answer.ok ? answer.problem : undefined
  const stale = failed || problem !== undefined
  useReadAt(shown?.at ?? null, stale)
  const now = shown?.value
  useNavCount(`replication of ${server}/${database}`, now ? problemsOf(now).filter(({ severity }) => severity !== 'info').length : 0)
  const trouble = problem && (
    <ProblemPanel
      className="mb-4"
      title={shown ? `No answer from the server; data from ${clock(shown.at)} UTC` : 'Replication and WAL could not be read'}
      problem={problem}
      action={<span className="text-label whitespace-nowrap text-ink-3">retried every 10 s</span>}
    />
  )
  if (!now)
    return (
      <>
        <PageHead eyebrow="Replication & WAL" title="The server could not be read." />
        {trouble}
      </>
    )
  const off = { disabled: !mayRun, title: mayRun ? undefined : whyNot }
  const dropSlot = ({ slot_name: slot, active, temporary, synced }: ReplicationAnswer['slots'][number]) =>
    active || temporary || synced ? null : (
      <Button size="sm" {...off} aria-label={`Drop slot ${slot}`} onClick={() => setAsked([dropReplicationSlotRequest({ slot })])}>
        Drop…
      </Button>
    )
  const base = `/${encodeURIComponent(server)}/db/${encodeURIComponent(database)}`
  return (
    <>
      <PageHead eyebrow="Replication & WAL" title={replicationTitle(now)}>
        {replicationEvidence(now)}
      </PageHead>
      {trouble}
      {now.grant && (
        <div className="mb-4 rounded-control border border-warn-line bg-warn-soft px-3 py-2.5 text-cell text-ink-2">
          <p className="mb-1">Lag, settings or files of WAL are hidden from {now.state.role}, and shown as n/a. This shows them:</p>
          <Sql sql={`${now.grant};`} />
        </div>
      )}
      <div className={classes(stale && 'faded')}>
        <Topology server={name} now={now} />
        <div className="mb-4 grid grid-cols-[minmax(0,1.25fr)_minmax(0,1fr)] items-start gap-4 max-lg:grid-cols-1">
          <div className="flex min-w-0 flex-col gap-4 max-lg:contents">
            <SlotTable now={now} action={dropSlot} />
            <ConflictCard now={now} />
            <ArchiveCard now={now} />
          </div>
          <div className="flex min-w-0 flex-col gap-4 max-lg:contents">
            <div className="max-lg:order-first">
              <WhatToDo now={now} mayRun={mayRun} onAsk={(request) => setAsked([request])} configurationHref={`${base}/settings`} />
            </div>
            <CheckpointCard now={now}>
              <Button size="sm" {...off} onClick={() => setAsked([makeCheckpointRequest({})])}>
                Checkpoint…
              </Button>
            </CheckpointCard>
          </div>
        </div>
      </div>
      {children}
      <CommandDialog server={server} database={database} commands={asked} onClose={() => setAsked([])} />
    </>
  )
}
