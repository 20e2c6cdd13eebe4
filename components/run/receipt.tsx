import Link from 'next/link'
import type { ReactNode } from 'react'
import type { Run } from '@/db/runs/run-types'
import { script } from '../confirm/planned-sql'
import { secondsWords } from '../confirm/prediction'
import { bytes, duration, exactCount, percent } from '../format'
import { ScrollRegion } from '../ui/scroll-region'
import { SectionTitle } from '../ui/section-title'
import { Sql } from '../ui/sql'
import { TrustMark } from '../ui/trust-mark'
import { Restarted } from './restarted'
import type { RunAnswer } from './run-answer'
import { RunFact, RunFacts } from './run-facts'
import { removedRows, returnedBytes, runMs } from './run-messages'
import { TermFacts } from './term-facts'
import { Undo } from './undo'

/** Before and after, predicted against actual, exact SQL. */
export function Receipt({
  answer: { run, auditId, window, policy, sameCluster },
  at,
  mayRun,
}: {
  answer: RunAnswer
  at: string
  mayRun: boolean
}) {
  const { receipt, plan } = run
  const wal = receipt?.walBytes ?? null
  const predicted = plan.prediction
  return (
    <>
      <dl className="mx-5 mt-3.5 grid grid-flow-col auto-cols-fr overflow-hidden rounded-control border border-line max-sm:grid-flow-row max-sm:grid-cols-2">
        {receipt?.bytesAfter != null && (
          <Cell
            label={run.does?.builds ? 'All indexes of the table' : 'Size'}
            mark={<TrustMark trust={{ kind: 'exact' }} />}
            value={bytes(receipt.bytesAfter)}
            note={receipt.bytesAfter === receipt.bytesBefore ? 'as before' : `from ${bytes(receipt.bytesBefore)}`}
          />
        )}
        <Removed run={run} />
        <Returned run={run} />
        <Cell
          label="Duration"
          value={duration(runMs(run, at))}
          note={predicted?.seconds ? `predicted ${secondsWords(predicted.seconds)}` : undefined}
        />
        {wal !== null && (
          <Cell
            label="WAL, whole server"
            value={bytes(wal)}
            note={predicted?.walBytes != null ? `predicted ${bytes(predicted.walBytes)}` : undefined}
          />
        )}
      </dl>
      <div className="grid grid-cols-[minmax(0,1fr)_336px] gap-5 px-5 pt-4 max-lg:grid-cols-1">
        <div className="min-w-0">
          <SectionTitle>Exact SQL</SectionTitle>
          <Sql sql={script(plan.statements)} />
          {receipt?.restart && <Restarted restart={receipt.restart} />}
          <Undo run={run} mayRun={mayRun} sameCluster={sameCluster} />
          {receipt && receipt.notices.length > 0 && <Notices lines={receipt.notices} />}
        </div>
        <RunFacts>
          {receipt && receipt.waitedMs > 0 && <RunFact name="Waited for others">{duration(receipt.waitedMs)}</RunFact>}
          {receipt && <RunFact name="Checked after">{receipt.checkedAfter}</RunFact>}
          {receipt && <RunFact name="Longest wait caused">{receipt.longestWaitMs > 0 ? duration(receipt.longestWaitMs) : 'none'}</RunFact>}
          {receipt?.dropped && <RunFact name="Dropped itself">{receipt.dropped.join(', ')}</RunFact>}
          <TermFacts run={run} window={window} policy={policy} />
          {auditId && (
            <RunFact name="Audit entry">
              <Link href={`/audit?run=${run.id}`}>#{auditId}</Link>
            </RunFact>
          )}
        </RunFacts>
      </div>
    </>
  )
}

/** NOTICE, INFO and WARNING, in the server's words. */
function Notices({ lines }: { lines: string[] }) {
  return (
    <>
      <SectionTitle sub={lines.length === 1 ? 'one message' : `${lines.length} messages`}>Server messages</SectionTitle>
      <ScrollRegion label="Messages of the server" className="max-h-44 rounded-control bg-sunken px-3 py-2">
        <pre className="whitespace-pre-wrap text-ink-2 [overflow-wrap:anywhere]">{lines.join('\n')}</pre>
      </ScrollRegion>
    </>
  )
}

function Removed({ run }: { run: Run }) {
  const removed = removedRows(run)
  if (removed === null) return null
  return (
    <Cell
      label="Dead rows removed"
      value={exactCount(removed < 0n ? 0n : removed)}
      note={`from ${exactCount(run.receipt?.deadBefore)} to ${exactCount(run.receipt?.deadAfter)}`}
    />
  )
}

function Returned({ run }: { run: Run }) {
  const returned = returnedBytes(run)
  if (returned === null || run.does?.builds) return null
  const before = run.receipt?.bytesBefore ?? 0
  const { prediction } = run.plan
  const predicted =
    prediction && prediction.bytesAfter !== null && prediction.bytesAfter !== prediction.bytesBefore && prediction.trust.kind !== 'withheld'
      ? `predicted ${bytes(prediction.bytesBefore - prediction.bytesAfter)}`
      : null
  // What leaves the size alone (ANALYZE, most VACUUMs) has nothing to say here.
  if (returned === 0 && predicted === null) return null
  const note = [before > 0 && returned > 0 ? percent(returned / before) : null, predicted].filter(Boolean).join(', ')
  return <Cell label="Returned" value={returned === 0 ? 'nothing' : returned > 0 ? bytes(returned) : `−${bytes(-returned)}`} note={note} />
}

function Cell({ label, mark, value, note }: { label: string; mark?: ReactNode; value: string; note?: string }) {
  return (
    <div className="-mt-px -ml-px border-t border-l border-line px-3.5 py-[9px]">
      <dt className="flex items-center gap-1.5 text-label text-ink-3">
        {label}
        {mark}
      </dt>
      <dd className="flex flex-wrap items-baseline gap-x-[5px]">
        <b className="text-[17px] leading-6 font-semibold tracking-[-.015em]">{value}</b>
        {note && <span className="text-cell text-ink-3">{note}</span>}
      </dd>
    </div>
  )
}
