'use client'
import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import type { LiveAnswer } from '../live/fetch-live'
import { useLive } from '../live/use-live'
import { useReadAt } from '../shell/page-status'
import { ButtonLink } from '../ui/button'
import { CopyButton } from '../ui/copy-button'
import { PageHead } from '../ui/page-head'
import { ProblemPanel } from '../ui/problem-panel'
import { receiptMarkdown } from './receipt-markdown'
import type { RunAnswer } from './run-answer'
import { RunCard } from './run-card'
import { isOver, runVerdict, silentSince, silentVerdict } from './run-messages'

const EVERY_MS = 1_000

/** A run, live until it is over. */
export function RunView({ initial, mayRun }: { initial: LiveAnswer<RunAnswer> & { ok: true }; mayRun: boolean }) {
  const id = initial.value.run.id
  const [over, setOver] = useState(isOver(initial.value.run.state))
  const { answer, failed } = useLive('run', { id }, { initial, everyMs: over ? false : EVERY_MS })
  const shown = answer?.ok ? answer : initial
  const { run, serverName, batchSize } = shown.value
  const silent = silentSince(run, shown.at)
  const at = silent ?? shown.at
  useReadAt(at, failed || silent !== null)
  const router = useRouter()
  useEffect(() => {
    if (!isOver(run.state) || over) return
    setOver(true)
    router.refresh() // the navigation counts the runs that are going on
  }, [run.state, over, router])
  const { title, below } = silent ? silentVerdict(silent, shown.value.attended) : runVerdict(run, shown.value.dropped, shown.value.queue)
  return (
    <>
      <PageHead
        eyebrow={`Run #${run.id}`}
        title={<span aria-live="polite">{title}</span>}
        actions={
          <>
            <ButtonLink variant="quiet" href={batchSize > 1 ? `/runs?batch=${run.batchId}` : '/runs'}>
              {batchSize > 1 ? `All ${batchSize} of this batch` : 'All runs'}
            </ButtonLink>
            <CopyButton size="md" label="Copy receipt" text={receiptMarkdown(run, serverName, shown.at)} />
          </>
        }
      >
        {below}
      </PageHead>
      {answer && !answer.ok && <ProblemPanel className="mb-4" title="Not refreshed" problem={answer.problem} />}
      <RunCard answer={shown.value} at={at} silent={silent !== null} mayRun={mayRun} />
    </>
  )
}
