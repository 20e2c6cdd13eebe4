import type { Run } from '@/db/runs/run-types'
import { limitLabel } from '../confirm/when'
import { moment } from '../format-time'
import type { RunAnswer } from './run-answer'
import { RunFact } from './run-facts'

interface TermFactsProps extends Pick<RunAnswer, 'window' | 'policy'> {
  run: Run
}

/** When it was to start and how long it was to wait, as it was confirmed; and its tries. */
export function TermFacts({ run: { plan, giveUpMinutes, retry }, window, policy }: TermFactsProps) {
  return (
    <>
      {policy && (
        <RunFact name="Planned by a policy" below>
          {policy.sentences.join(' ')} Confirmed by {policy.confirmedBy}, {moment(policy.confirmedAt)}.
        </RunFact>
      )}
      {window && (
        <RunFact name={`Window ${window.name}`} below>
          {window.words}
        </RunFact>
      )}
      {retry && <RunFact name="Tries stopped by a lock">{retry.tries}</RunFact>}
      {plan.patience && (
        <RunFact name="Gives up">
          {limitLabel(giveUpMinutes).toLowerCase()}
          {giveUpMinutes > 0 && ' of waiting'}
        </RunFact>
      )}
    </>
  )
}
