import { formatFirst } from '../../domain/format'
import { line, type PreflightCheck } from '../define-command'
import { soundForStart } from '../preflight/config-files'
import type { PostmasterFacts } from './facts'

type Check = PreflightCheck<PostmasterFacts>

const keeperIsThere: Check = async (_target, { facts: { kept } }) =>
  kept
    ? line('keeper', 'pass', 'It is started again', 'The console that started this server is running, and starts it again when it ends.')
    : line('keeper', 'stop', 'Nothing would start it again', 'The console that started this server is not running any more.')

const sessionsAreCut: Check = async (_target, { facts: { cut } }) => {
  const sessions = cut.reduce((sum, one) => sum + one.sessions, 0)
  if (sessions === 0) return line('sessions', 'pass', 'Nobody else is connected', 'Only Proctor has sessions at this server.')
  const busy = cut.reduce((sum, one) => sum + one.in_transaction, 0)
  const title = sessions === 1 ? 'One session is cut' : `${sessions} sessions are cut`
  const lost = busy === 0 ? 'None is in a transaction' : `${busy} in a transaction, which is rolled back`
  return line('sessions', 'warn', title, `${formatFirst(cut.map(({ who, sessions: n }) => `${n} of ${who}`))}. ${lost}.`)
}

const othersAtWork: Check = async (_target, { known }) => {
  const { going, queued } = (await known.otherRuns?.()) ?? { going: 0, queued: 0 }
  if (going > 0)
    return line('runs', 'stop', 'A run is going on at this server', 'The restart would cut it: wait for its end, or cancel it.')
  if (queued === 0) return line('runs', 'pass', 'No other run', 'None is going on or queued at this server.')
  return line('runs', 'pass', 'No run is going on', `${queued} queued ${queued === 1 ? 'run waits' : 'runs wait'} until it is back.`)
}

const takesEffect: Check = async (_target, { facts: { pending } }) =>
  pending.length === 0
    ? line('pending', 'pass', 'No setting waits for a restart', 'It starts with the settings that it has.')
    : line(
        'pending',
        'pass',
        pending.length === 1 ? 'One setting takes effect' : `${pending.length} settings take effect`,
        pending.map(({ name, was, wanted }) => `${name}: ${was} → ${wanted}`).join('; '),
      )

export const RESTART_CHECKS = [keeperIsThere, soundForStart, othersAtWork, sessionsAreCut, takesEffect]
