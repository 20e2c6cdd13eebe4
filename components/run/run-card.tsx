import { duration } from '../format'
import { clock, moment } from '../format-time'
import { Badge } from '../ui/badge'
import { Card } from '../ui/card'
import { Identifier } from '../ui/identifier'
import { ProblemPanel } from '../ui/problem-panel'
import { CancelRun } from './cancel-run'
import { FilesLeft } from './files-left'
import { Leftovers } from './leftovers'
import { PhaseStrip } from './phase-strip'
import { ProgressBars } from './progress-bars'
import { Receipt } from './receipt'
import type { RunAnswer } from './run-answer'
import { RunLog } from './run-log'
import { isOver, nameOfRun, runMs, stateOf, whoOf } from './run-messages'
import { SoFar } from './so-far'
import { WaitingBanner } from './waiting-banner'

/** Everything about one run: phases, who it waits for, bars and log; after the end the receipt. */
export function RunCard({ answer, at, silent, mayRun }: { answer: RunAnswer; at: string; silent: boolean; mayRun: boolean }) {
  const { run, serverName, log, dropped, window, policy } = answer
  const { state, progress, receipt, problem } = run
  const over = isOver(state)
  const { word, tone } = stateOf(state)
  const ms = runMs(run, at)
  // What a failed run left is part of its receipt; a run that succeeded only names what is there still.
  const leftovers = (receipt?.leftovers ?? []).filter(({ oid }) => state !== 'succeeded' || !(oid in dropped))
  return (
    <Card label={`Run #${run.id}`} className="pb-4">
      <div className="flex items-start gap-3 px-5 pt-3.5 max-sm:flex-col">
        <Badge tone={silent ? 'warn' : tone} className="mt-[3px]">
          {word}
          {!over && ms !== null && ` ${duration(Math.floor(ms / 1000) * 1000).replace('0 ms', '0 s')}`}
        </Badge>
        <div className="min-w-0">
          <h2 className="font-mono text-[14px] leading-[22px] font-semibold tracking-[-.03em] [overflow-wrap:anywhere]">
            {nameOfRun(run.plan)}
          </h2>
          <p className="text-cell text-ink-2">
            {[whoOf(run), `${serverName} / ${run.database}`, !over && run.backendPid !== null && `backend pid ${run.backendPid}`, when(run)]
              .filter(Boolean)
              .join(', ')}
          </p>
        </div>
        <CancelRun run={run} mayRun={mayRun} className="ml-auto max-sm:ml-0" />
      </div>
      {problem && (state !== 'cancelled' || problem.kind === 'another_cluster') && (
        <ProblemPanel className="mx-5 mt-3.5" problem={problem} />
      )}
      {leftovers.length > 0 && <Leftovers run={run} leftovers={leftovers} dropped={dropped} mayRun={mayRun && answer.sameCluster} />}
      {receipt?.files && <FilesLeft left={receipt.files} />}
      {over && <Receipt answer={answer} at={at} mayRun={mayRun} />}
      {progress?.step && !over && (
        <p className="px-5 pt-3 text-cell text-ink-2">
          Step {progress.step.number} of {progress.step.of}: <Identifier name={progress.step.name} />
        </p>
      )}
      {progress && <PhaseStrip phases={progress.phases} at={run.endedAt ?? at} />}
      {!over && <WaitingBanner run={run} mayRun={mayRun} />}
      {progress && state !== 'succeeded' && <ProgressBars bars={progress.bars} />}
      <div className={over ? 'px-5 pt-4' : 'grid grid-cols-[minmax(0,1fr)_336px] gap-5 px-5 pt-4 max-lg:grid-cols-1'}>
        <RunLog lines={log} live={!over && !silent} />
        {!over && <SoFar run={run} window={window} policy={policy} />}
      </div>
    </Card>
  )
}

function when({ startedAt, endedAt, confirmedAt }: RunAnswer['run']): string {
  if (!startedAt) return `confirmed ${moment(confirmedAt)}`
  if (!endedAt) return `started ${clock(startedAt)} UTC`
  return `${moment(startedAt).replace(/ \d\d:\d\d UTC$/, '')} ${clock(startedAt)} to ${clock(endedAt)} UTC`
}
