'use client'
import { Dialog as Base } from '@base-ui/react/dialog'
import { Tabs } from '@base-ui/react/tabs'
import { Play, Route, X } from 'lucide-react'
import { useState } from 'react'
import type { QueryDetail } from '@/db/history/statement-list'
import { clock } from '../format-time'
import { useWhyNot } from '../shell/why-not'
import { Button, IconButton } from '../ui/button'
import { CopyButton } from '../ui/copy-button'
import { ProblemPanel } from '../ui/problem-panel'
import { ScrollRegion } from '../ui/scroll-region'
import { Bar } from '../ui/skeleton'
import { AnalyzeForm } from './analyze-form'
import { PlanDiff } from './plan-diff'
import { planEvidence, planTitle } from './plan-messages'
import { PlanPage } from './plan-page'
import type { MadePlan, usePlans } from './use-plans'

interface PlanSheetProps {
  open: boolean
  onClose: () => void
  detail: QueryDetail
  plans: ReturnType<typeof usePlans>
  mayRun: boolean
  blockSize: number
  where: string
}

const HOW: Record<MadePlan['how'], string> = {
  generic: 'generic plan',
  example: 'plan of the last example',
  analyzed: 'EXPLAIN ANALYZE',
  rewritten: 'plan of the rewritten text',
}
const nameOf = ({ how, at }: MadePlan) => `${HOW[how]} of ${clock(at)}`

const TAB =
  'border-b-2 border-transparent py-2.5 text-body text-ink-2 -outline-offset-2 data-active:border-ink data-active:font-semibold data-active:text-ink'

/** The plan of one statement over the whole window. */
export function PlanSheet({ open, onClose, detail, plans: { plans, problem, busy, make }, mayRun, blockSize, where }: PlanSheetProps) {
  // The form belongs to the plan that it was opened beside: it closes when it has made another, and stays when it was refused.
  const [askedAt, setAskedAt] = useState<number>()
  const whyNot = useWhyNot()
  const current = plans.at(-1)
  const asking = current !== undefined && askedAt === current.id
  const { examples, row } = detail
  // Analyze takes what the planner told of the statement itself; an example has its constants and no parameters.
  const generic = plans.findLast(({ how }) => how === 'generic' || how === 'analyzed')?.explained
  const refusal = generic && generic.changes.length > 0 ? `EXPLAIN ANALYZE runs a single SELECT only. ${generic.changes.join('. ')}.` : null
  const noAnalyze = !mayRun ? whyNot : !generic ? 'It is planned first' : refusal
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Popup data-modal className="fixed inset-0 z-30 flex flex-col bg-surface outline-none">
          <header className="flex gap-3 border-b border-line bg-canvas px-5 py-3 max-sm:flex-wrap max-sm:px-3">
            <div className="min-w-0 max-sm:basis-[calc(100%-52px)]">
              <p className="truncate text-label text-ink-3">
                {where} / Queries / {row.name}
                {current && ` / ${nameOf(current)}`}
              </p>
              <Base.Title className="text-dialog font-semibold tracking-[-.015em] [overflow-wrap:anywhere]">
                {current ? planTitle(current.explained.plan) : problem ? 'No plan.' : 'Asking the server …'}
              </Base.Title>
              {current && <Base.Description className="text-ink-2">{planEvidence(current.explained.plan)}</Base.Description>}
              {refusal && <p className="text-label text-ink-3">{refusal}</p>}
            </div>
            <div className="ml-auto flex shrink-0 flex-wrap items-start gap-2 max-sm:order-last max-sm:ml-0">
              <Button disabled={busy} onClick={() => make('generic')}>
                <Route aria-hidden />
                Plan again
              </Button>
              {examples.length > 0 && (
                <Button disabled={busy} onClick={() => make('example')}>
                  Plan last example
                </Button>
              )}
              <Button
                variant="primary"
                disabled={busy || noAnalyze !== null}
                title={noAnalyze ?? undefined}
                aria-expanded={asking}
                onClick={() => setAskedAt(asking ? undefined : current?.id)}
              >
                <Play aria-hidden />
                Analyze…
              </Button>
            </div>
            <Base.Close render={<IconButton label="Close plan" className="max-sm:ml-auto" />}>
              <X aria-hidden />
            </Base.Close>
          </header>
          {busy && (
            <p role="status" className="border-b border-line px-5 py-1.5 text-label text-ink-2">
              Asking the server …
            </p>
          )}
          {problem && (
            <ProblemPanel
              title={current ? 'The server refused it; the plan below is the previous one' : 'No plan'}
              problem={problem}
              className="m-3 shrink-0"
            />
          )}
          {asking && generic && (
            <AnalyzeForm
              explained={generic}
              examples={examples.map(({ query }) => query)}
              busy={busy}
              onRun={(how) => make('analyzed', how)}
            />
          )}
          {current ? (
            <PlanTabs key={current.id} current={current} earlier={plans.slice(0, -1)} blockSize={blockSize} />
          ) : (
            !problem && (
              <div aria-hidden className="grid gap-3 p-5">
                <Bar className="w-72" />
                <Bar className="w-96" />
                <Bar className="w-80" />
              </div>
            )
          )}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}

function PlanTabs({ current, earlier, blockSize }: { current: MadePlan; earlier: MadePlan[]; blockSize: number }) {
  const { plan, json } = current.explained
  const pretty = JSON.stringify(JSON.parse(json), null, 2)
  return (
    <Tabs.Root defaultValue={current.how === 'rewritten' && earlier.length > 0 ? 'diff' : 'plan'} className="flex min-h-0 flex-1 flex-col">
      <Tabs.List className="flex shrink-0 gap-5 border-b border-line px-5 max-sm:px-3">
        <Tabs.Tab value="plan" className={TAB}>
          Plan
        </Tabs.Tab>
        <Tabs.Tab value="text" className={TAB}>
          Text
        </Tabs.Tab>
        <Tabs.Tab value="json" className={TAB}>
          JSON
        </Tabs.Tab>
        <Tabs.Tab value="diff" className={TAB}>
          Diff
        </Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="plan" className="flex min-h-0 flex-1 flex-col outline-none">
        <PlanPage explained={current.explained} blockSize={blockSize} />
      </Tabs.Panel>
      <Tabs.Panel value="text" className="flex min-h-0 flex-1 flex-col outline-none">
        <Raw label="Plan as text" text={plan.text} />
      </Tabs.Panel>
      <Tabs.Panel value="json" className="flex min-h-0 flex-1 flex-col outline-none">
        <Raw label="Plan as JSON" text={pretty} />
      </Tabs.Panel>
      <Tabs.Panel value="diff" className="flex min-h-0 flex-1 flex-col outline-none">
        <PlanDiff current={current} earlier={earlier} nameOf={nameOf} />
      </Tabs.Panel>
    </Tabs.Root>
  )
}

function Raw({ label, text }: { label: string; text: string }) {
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <ScrollRegion label={label} className="min-h-0 flex-1 bg-sunken">
        <pre className="px-5 py-3 leading-[18px] max-sm:px-3">{text}</pre>
      </ScrollRegion>
      <CopyButton text={text} className="absolute top-2 right-4" />
    </div>
  )
}
