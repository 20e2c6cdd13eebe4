'use client'
import type { QueryDetail } from '@/db/history/statement-list'
import type { Problem } from '@/db/server/problem'
import type { QueryRow } from '@/db/statements/statement-rows'
import { bytes, count, duration, exactCount, percent, share } from '../format'
import { ago, moment } from '../format-time'
import { useLive } from '../live/use-live'
import { Drawer, DrawerWays } from '../ui/drawer'
import { Fact, Facts } from '../ui/facts'
import { ProblemPanel } from '../ui/problem-panel'
import { SectionTitle } from '../ui/section-title'
import { Bar } from '../ui/skeleton'
import { Sql } from '../ui/sql'
import { QueryHistory } from './query-history'
import { milliseconds } from './query-messages'
import { QueryPlan } from './query-plan'
import { useMadePlans } from './use-plans'

interface QueryDrawerProps {
  server: string
  database: string
  openKey: string | null
  range: { range: string; from?: string; to?: string; reset: boolean }
  blockSize: number
  mayRun: boolean
  noPlan: Problem | null
  /** Where it stands in the list, from 0. */
  position: { at: number; of: number } | null
  onMove: (by: 1 | -1) => void
  onClose: () => void
  onSelect: (from: number, to: number) => void
}

/** One statement: its text, its numbers over time, what it waited for, who sent it with what, and its plan. */
export function QueryDrawer({
  server,
  database,
  openKey,
  range,
  blockSize,
  mayRun,
  noPlan,
  position,
  onMove,
  onClose,
  onSelect,
}: QueryDrawerProps) {
  const made = useMadePlans()
  const { answer, pending } = useLive(
    'query-detail',
    { server, database, key: openKey, ...range },
    { enabled: openKey !== null, everyMs: 30_000 },
  )
  const shown = answer?.ok && answer.value.row.key === openKey ? answer.value : undefined
  const problem = answer && !answer.ok && !pending ? answer.problem : undefined
  return (
    <Drawer
      open={openKey !== null}
      onClose={onClose}
      label={shown ? `Statement ${shown.row.name}` : 'Statement'}
      header={
        <>
          <div className="flex items-center gap-2">
            {shown ? (
              <span className="truncate text-ink-3">
                {shown.row.rolname} in {shown.row.datname ?? 'a dropped database'}, queryid {shown.row.queryid}
              </span>
            ) : (
              <Bar className="w-48" />
            )}
            <DrawerWays what="statement" position={position} onMove={onMove} onClose={onClose} />
          </div>
          <h2 className="mt-1.5 min-h-[22px] text-[16px]! leading-[22px]">{shown?.row.name}</h2>
        </>
      }
    >
      {problem ? (
        <ProblemPanel title="This statement could not be read" problem={problem} />
      ) : !shown ? (
        <div role="status" aria-label="Reading the statement" className="grid gap-3">
          <div className="h-[110px] rounded-control bg-sunken" />
          <Bar className="w-32" />
          <div className="h-[200px] rounded-control bg-sunken" />
        </div>
      ) : (
        <>
          <SectionTitle>Statement</SectionTitle>
          <Sql sql={shown.sql} exact={shown.exact} />
          {shown.cut && <p className="mt-1 text-label text-ink-3">The text is truncated here; the server has all of it.</p>}
          <QueryPlan
            key={openKey}
            server={server}
            database={database}
            detail={shown}
            made={made}
            blockSize={blockSize}
            mayRun={mayRun}
            noPlan={noPlan}
          />
          <SectionTitle sub={range.reset ? 'since the last reset' : 'in this range'}>Numbers</SectionTitle>
          <Numbers row={shown.row} blockSize={blockSize} />
          {shown.chart && <QueryHistory chart={shown.chart} marks={shown.marks} blockSize={blockSize} onSelect={onSelect} />}
          <Seen detail={shown} readAt={answer?.at ?? ''} />
        </>
      )}
    </Drawer>
  )
}

function Numbers({ row, blockSize }: { row: QueryRow; blockSize: number }) {
  const blocks = row.hit + row.read
  return (
    <Facts>
      <Fact name="Executions">
        {exactCount(row.calls)} calls, {duration(row.total)} in all
      </Fact>
      <Fact name="Time per call">
        mean {milliseconds(row.mean)}, standard deviation {milliseconds(row.stddev)},{' '}
        {row.maxWithin ? 'longest' : 'longest since counting began'} {milliseconds(row.max)}
      </Fact>
      <Fact name="Rows">
        {exactCount(row.rows)}, {row.calls > 0 ? `${(row.rows / row.calls).toFixed(1)} per call` : ''}
      </Fact>
      <Fact name="Blocks">
        {count(row.hit)} hit, {count(row.read)} read ({bytes(row.read * blockSize)}), {count(row.dirtied)} dirtied, {count(row.written)}{' '}
        written
        {blocks > 0 && `; ${share(row.hit / blocks)} hit`}
        {row.io > 0 && `; ${milliseconds(row.io)} reading and writing`}
      </Fact>
      <Fact name="Temporary">
        {row.tempRead + row.tempWritten === 0
          ? 'none'
          : `${bytes(row.tempWritten * blockSize)} written, ${bytes(row.tempRead * blockSize)} read: it does not fit into work_mem`}
      </Fact>
      <Fact name="WAL">{row.wal === 0 ? 'none' : bytes(row.wal)}</Fact>
      <Fact name="Planning">{row.plans > 0 ? `${exactCount(row.plans)} plans, ${milliseconds(row.planning)} in all` : 'not tracked'}</Fact>
      {row.jit > 0 && (
        <Fact name="JIT">
          {milliseconds(row.jit)}, {percent(row.jit / Math.max(row.total, row.jit))} of its time
        </Fact>
      )}
      {row.firstSeen && <Fact name="First seen">{moment(row.firstSeen)}</Fact>}
    </Facts>
  )
}

/** What activity samples showed of it. */
function Seen({ detail: { waits, examples, applications }, readAt }: { detail: QueryDetail; readAt: string }) {
  return (
    <>
      <SectionTitle sub="in samples of activity">Seen waiting for</SectionTitle>
      {waits.length === 0 ? (
        <p className="text-ink-3">No activity sample in this range caught it.</p>
      ) : (
        <ul className="grid gap-1">
          {waits.map(({ type, event, share: part }) => (
            <li key={`${type} ${event}`} className="grid grid-cols-[1fr_88px_44px] items-center gap-2 text-cell">
              <span className="truncate">{type === null ? 'nothing: on CPU' : `${type}: ${event}`}</span>
              <span aria-hidden className="h-[6px] overflow-hidden rounded-[2px] bg-sunken">
                <span className="block h-full bg-live" style={{ width: `${part * 100}%` }} />
              </span>
              <span className="text-right">{share(part)}</span>
            </li>
          ))}
        </ul>
      )}
      {applications.length > 0 && (
        <p className="mt-2 text-cell text-ink-2">
          Sent by {applications.map(({ applicationName }) => applicationName || 'a client without application_name').join(', ')}.
        </p>
      )}
      {examples.length > 0 && (
        <>
          <SectionTitle sub="as pg_stat_activity showed it">Examples</SectionTitle>
          {examples.map((example) => (
            <div key={example.at} className="mb-2">
              <p className="mb-1 text-label text-ink-3">
                {ago(example.at, readAt)}, running for {duration(example.running)}, {example.rolname}
                {example.applicationName && ` with ${example.applicationName}`}
              </p>
              <Sql sql={example.query} />
            </div>
          ))}
        </>
      )}
    </>
  )
}
