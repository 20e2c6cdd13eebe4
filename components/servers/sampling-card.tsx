import type { SamplingState, SamplingTurn } from '@/db/history/state'
import { duration, exactCount, plural, share } from '../format'
import { ago, moment } from '../format-time'
import { Card, CardHeader } from '../ui/card'
import { Cell, HeadCell, Row } from '../ui/data-table'
import { ProblemPanel } from '../ui/problem-panel'
import { ScrollRegion } from '../ui/scroll-region'

const TASKS: Record<string, string> = {
  activity: 'Sessions, wait events, who holds xmin',
  counters: 'Counters of databases and of the server',
  statements: 'pg_stat_statements',
  settings: 'pg_settings',
  tables: 'Table statistics',
  sizes: 'Sizes of databases',
  'table sizes': 'Sizes of tables',
  blocks: 'Blocks of tables and indexes',
  io: 'I/O by backend',
  ids: 'Transaction IDs',
  sequences: 'Sequences',
  indexes: 'Index usage, sizes and bloat estimates',
}

/** How the worker's looking at a server goes, what it costs there, and since when it is left alone. */
export function SamplingCard({ state, now }: { state: SamplingState | null; now: string }) {
  return (
    <Card label="Sampling" className="overflow-hidden">
      <CardHeader title="Sampling" sub="what the worker stores as history" />
      <div className="grid gap-3 px-4 pt-2 pb-3">
        <p className="text-ink-2">{sentence(state, now)}</p>
        {state?.cost && <p className="text-ink-2">{costSentence(state.cost)}</p>}
        {state && state.failures > 0 && state.problem && <ProblemPanel problem={state.problem} title="Not sampled" />}
      </div>
      {state && state.turns.length > 0 && (
        <ScrollRegion label="Samples" className="border-t border-line -outline-offset-2">
          <table className="w-full border-collapse">
            <thead>
              <tr>
                <HeadCell>What</HeadCell>
                <HeadCell numeric>Last</HeadCell>
                <HeadCell numeric>Took</HeadCell>
                <HeadCell>In the way</HeadCell>
              </tr>
            </thead>
            <tbody>
              {state.turns.map((turn) => (
                <TurnRow key={turn.task} turn={turn} now={now} />
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
    </Card>
  )
}

function TurnRow({ turn: { task, at, duration: took, databases, problem }, now }: { turn: SamplingTurn; now: string }) {
  return (
    <Row>
      <Cell>
        {TASKS[task] ?? task}
        {databases > 1 && <span className="text-ink-3">, {exactCount(databases)} databases</span>}
      </Cell>
      <Cell numeric>{ago(at, now)}</Cell>
      <Cell numeric>{duration(took)}</Cell>
      <Cell className={problem ? 'text-warn [overflow-wrap:anywhere]' : 'text-ink-3'}>
        {problem ? problem.message : 'nothing'}
        {problem?.fix && <span className="ml-2 font-mono">{problem.fix}</span>}
      </Cell>
    </Row>
  )
}

/** Whether it is sampled, and what is done about it when not. */
export function sentence(state: SamplingState | null, now: string): string {
  if (!state) return 'It has not been sampled yet: the worker starts within a few seconds.'
  if (state.failures > 0) {
    const since = state.failingSince ? ` since ${moment(state.failingSince)}` : ''
    const tries = plural(state.failures, 'attempt', 'attempts')
    const wait = Math.max(0, Math.round((Date.parse(state.retryAt ?? now) - Date.parse(now)) / 1000))
    const next = wait > 0 ? `the next one in ${duration(wait * 1000)}` : 'the next one is due'
    // It answers, and may not be told from another.
    const fact = state.problem?.kind === 'another_cluster' ? 'It is not sampled' : 'It does not answer'
    return `${fact}${since}. ${tries} so far, ${next}; the pause between attempts grows to 10 min.`
  }
  return state.seenAt ? `It answered ${ago(state.seenAt, now)}.` : 'It is about to be sampled for the first time.'
}

const costSentence = ({ ms, seconds, source }: NonNullable<SamplingState['cost']>): string => {
  const told =
    source === 'pg_stat_statements'
      ? 'by pg_stat_statements, everything with Proctor’s marker'
      : 'as measured by the worker, network included'
  return `Within the last hour Proctor used ${duration(ms)} in ${duration(seconds * 1000)} of sampling there: ${share(ms / seconds / 1000)} of one core (${told}).`
}
