'use client'
import { Repeat } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { pausePolicy, removePolicy, resumePolicy } from '@/app/[server]/db/[database]/maintenance/actions'
import { POLICY_WORDS, policySentences } from '@/db/domain/policy-words'
import type { MaintenanceWindow } from '@/db/runs/maintenance-windows'
import type { Policy } from '@/db/runs/policy-types'
import { moment } from '../format-time'
import { useMayAct } from '../shell/page-status'
import { WhyNot } from '../shell/why-not'
import { Badge } from '../ui/badge'
import { Button } from '../ui/button'
import { Card, CardHeader } from '../ui/card'
import { EmptyState, ProblemPanel } from '../ui/problem-panel'
import { SectionTitle } from '../ui/section-title'
import { useAction } from '../use-action'
import { NightResult } from './night-result'
import { PolicyForm } from './policy-form'
import { Zoned } from './zoned'

interface PolicyListProps {
  server: string
  database: string
  policies: Policy[]
  windows: MaintenanceWindow[]
  /** What each would do on its next night, by its id. */
  previews: Record<string, ReactNode>
  mayRun: boolean
  /** Whether the reader may make the window that a policy needs. */
  isAdmin: boolean
}

/** The policies of a database: each with its rule in words, its next night and its last. */
export function PolicyList({ server, database, policies, windows, previews, mayRun: allowed, isAdmin }: PolicyListProps) {
  const mayRun = useMayAct(allowed)
  const [edited, setEdited] = useState<Policy | null>(null)
  const [open, setOpen] = useState(false)
  const edit = (policy: Policy | null) => {
    setEdited(policy)
    setOpen(true)
  }
  return (
    <Card label="Policies">
      <CardHeader title="Policies" sub="what repeats in a maintenance window, confirmed once">
        {!mayRun && (
          <span className="text-ink-3">
            <WhyNot act="A policy" />
          </span>
        )}
        <Button size="sm" disabled={!mayRun || windows.length === 0} onClick={() => edit(null)}>
          <Repeat aria-hidden />
          Add policy…
        </Button>
      </CardHeader>
      {policies.length === 0 ? (
        <EmptyState title="No policy repeats here.">
          {windows.length > 0
            ? 'A policy rebuilds what is bloated, or vacuums what has dead rows, each time that a window opens, within the limits that you confirm once.'
            : isAdmin
              ? 'A policy needs a maintenance window. Add one on the page of the server first.'
              : 'A policy needs a maintenance window, which an administrator adds on the page of the server.'}
        </EmptyState>
      ) : (
        <ul className="mt-1.5">
          {policies.map((policy) => (
            <Entry key={policy.id} policy={policy} preview={previews[policy.id]} mayRun={mayRun} onEdit={() => edit(policy)} />
          ))}
        </ul>
      )}
      <PolicyForm {...{ server, database, windows, open }} policy={edited} onOpenChange={setOpen} />
    </Card>
  )
}

interface EntryProps {
  policy: Policy
  preview: ReactNode
  mayRun: boolean
  onEdit: () => void
}

function Entry({ policy, preview, mayRun, onEdit }: EntryProps) {
  const { busy, problem, call } = useAction()
  const [removing, setRemoving] = useState(false)
  const { id, serverId, rule, paused, window, confirmedBy, confirmedAt, night, open, opensAt } = policy
  const { name, form } = POLICY_WORDS[rule.kind]
  const off = busy || !mayRun
  return (
    <li className="grid gap-2 border-t border-grid px-4 py-3 first:border-t-0">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
        <h3 className="font-semibold">{name}</h3>
        <Badge>{window.name}</Badge>
        {paused && <Badge tone="warn">Paused</Badge>}
        <span className="ml-auto flex flex-wrap gap-2">
          <Button size="sm" disabled={off} onClick={onEdit} aria-label={`Change ${name}…`}>
            Change…
          </Button>
          {paused ? (
            <Button size="sm" disabled={off} onClick={() => call(() => resumePolicy(serverId, id))} aria-label={`Resume ${name}`}>
              Resume
            </Button>
          ) : (
            <Button size="sm" disabled={off} onClick={() => call(() => pausePolicy(serverId, id))} aria-label={`Pause ${name}`}>
              Pause
            </Button>
          )}
          <Button
            size="sm"
            variant="danger"
            disabled={off}
            onClick={() => (removing ? call(() => removePolicy(serverId, id)) : setRemoving(true))}
            aria-label={removing ? `Really remove ${name}` : `Remove ${name}`}
          >
            {removing ? 'Really remove' : 'Remove'}
          </Button>
        </span>
      </div>
      <p className="max-w-[92ch] text-cell text-ink-2">{policySentences(rule).join(' ')}</p>
      <p className="text-cell text-ink-3 [overflow-wrap:anywhere]">
        <code>{form}</code>. Confirmed by {confirmedBy}, {moment(confirmedAt)}.
      </p>
      {paused && (
        <p className="text-cell text-warn [overflow-wrap:anywhere]">
          Paused by {paused.by === 'proctor' ? 'Proctor' : paused.by}, {moment(paused.at)}. {paused.reason}
        </p>
      )}
      {problem && <ProblemPanel title="Not changed" problem={problem} />}
      <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)] gap-x-6 gap-y-3 max-lg:grid-cols-1">
        <section aria-label={`Next night of ${name}`} className="min-w-0">
          <SectionTitle sub={paused ? 'when it is resumed' : <Zoned at={opensAt} zone={window.timeZone} />}>
            {open ? 'Still to do, in the window open since' : 'Next night'}
          </SectionTitle>
          {preview}
        </section>
        <section aria-label={`Last night of ${name}`} className="min-w-0">
          <SectionTitle>{night && night.endedAt === null ? 'This night' : 'Last night'}</SectionTitle>
          {night ? (
            <NightResult night={night} zone={window.timeZone} />
          ) : (
            <p className="text-cell text-ink-3">None yet: its window has not opened since it was confirmed.</p>
          )}
        </section>
      </div>
    </li>
  )
}
