import Link from 'next/link'
import type { ReactNode } from 'react'
import type { Run } from '@/db/console/run-types'
import { script } from '../confirm/planned-sql'
import { bytes, duration, exactCount, percent } from '../format'
import { SectionTitle } from '../ui/drawer'
import { Sql } from '../ui/sql'
import { TrustMark } from '../ui/trust-mark'
import { RunFact, RunFacts } from './run-facts'
import { removedRows, returnedBytes, runMs } from './run-words'

/** Before and after, predicted against actual, exact SQL. */
export function Receipt({ run, auditId, at }: { run: Run; auditId: string | null; at: string }) {
  const { receipt, plan } = run
  const wal = receipt?.walBytes ?? null
  const predicted = plan.prediction
  return (
    <>
      <dl className="mx-5 mt-3.5 grid grid-flow-col auto-cols-fr overflow-hidden rounded-control border border-line max-sm:grid-flow-row max-sm:grid-cols-2">
        {receipt?.bytesAfter != null && (
          <Cell
            label="Size"
            mark={<TrustMark trust={{ kind: 'exact' }} />}
            value={bytes(receipt.bytesAfter)}
            note={`from ${bytes(receipt.bytesBefore)}`}
          />
        )}
        <Removed run={run} />
        <Returned run={run} />
        <Cell
          label="Duration"
          value={duration(runMs(run, at))}
          note={predicted?.seconds ? `predicted ${Math.round(predicted.seconds.from)} to ${Math.round(predicted.seconds.to)} s` : undefined}
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
        <section>
          <SectionTitle>Exact SQL</SectionTitle>
          <Sql sql={script(plan.statements)} />
        </section>
        <RunFacts>
          {receipt && receipt.waitedMs > 0 && <RunFact name="Waited for others">{duration(receipt.waitedMs)}</RunFact>}
          {receipt && <RunFact name="Checked after">{receipt.checkedAfter}</RunFact>}
          {receipt && <RunFact name="Longest wait caused">{receipt.longestWaitMs > 0 ? duration(receipt.longestWaitMs) : 'none'}</RunFact>}
          {auditId && (
            <RunFact name="Audit entry">
              <Link href={`/audit?run=${run.id}`}>#{auditId}</Link>
            </RunFact>
          )}
          {receipt && receipt.notices.length > 0 && (
            <RunFact name="Notices">
              <span className="block text-left font-mono text-[12px] whitespace-pre-wrap">{receipt.notices.join('\n')}</span>
            </RunFact>
          )}
        </RunFacts>
      </div>
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
  if (returned === null) return null
  const before = run.receipt?.bytesBefore ?? 0
  const { prediction } = run.plan
  const predicted =
    prediction && prediction.bytesAfter !== null && prediction.trust.kind !== 'withheld'
      ? `predicted ${bytes(prediction.bytesBefore - prediction.bytesAfter)}`
      : null
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
