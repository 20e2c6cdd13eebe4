import type { Run } from '@/db/runs/run-types'
import { lockWords } from '../confirm/sentence'
import { bytes } from '../format'
import { SectionTitle } from '../ui/section-title'
import type { RunAnswer } from './run-answer'
import { RunFact, RunFacts } from './run-facts'
import { ifCancelled } from './run-messages'
import { TermFacts } from './term-facts'

/** What the run has cost until now, and what a cancel would leave. Only what is known. */
export function SoFar({ run, window, policy }: { run: Run } & Pick<RunAnswer, 'window' | 'policy'>) {
  const { plan, progress, backendPid } = run
  const [lock] = plan.locks
  const blocking = progress?.blocking ?? 0
  const predictedWal = plan.prediction?.walBytes ?? null
  return (
    <section aria-label="So far" className="min-w-0">
      <SectionTitle>So far</SectionTitle>
      <RunFacts>
        {plan.prediction && <RunFact name="Size before">{bytes(plan.prediction.bytesBefore)}</RunFact>}
        {progress?.bytesNow != null && <RunFact name="New copy so far">{bytes(progress.bytesNow)}</RunFact>}
        {progress?.walBytes != null && (
          <RunFact name="WAL, whole server">
            {bytes(progress.walBytes)}
            {predictedWal !== null && <span className="text-ink-3"> of ≈ {bytes(predictedWal)}</span>}
          </RunFact>
        )}
        {lock && (
          <RunFact name="Lock">
            {lockWords(lock.mode)} on {lock.relation}
          </RunFact>
        )}
        {progress && (
          <RunFact name="Blocked by this run">
            <span className={blocking > 0 ? 'font-medium text-warn' : undefined}>
              {blocking} {blocking === 1 ? 'session' : 'sessions'}
            </span>
          </RunFact>
        )}
        {backendPid !== null && <RunFact name="Backend">pid {backendPid}</RunFact>}
        <TermFacts run={run} window={window} policy={policy} />
        <RunFact name="If cancelled" below>
          {ifCancelled(plan)}
        </RunFact>
      </RunFacts>
    </section>
  )
}
