import type { Night, NightPreview, NightStep } from '@/db/runs/policy-types'
import { secondsWords } from '../confirm/prediction'
import { bytesShort, numberWord, plural } from '../format'

/** Two would run and give back about 96 MB; one stays for another night. */
export function previewWords({ steps }: NightPreview): string {
  const of = (verdict: NightStep['verdict']) => steps.filter((step) => step.verdict === verdict)
  const [runs, left, stops] = [of('runs'), of('left'), of('stops')]
  if (steps.length === 0) return 'Nothing would run: the rule applies to no object now.'
  const gain = runs.reduce((sum, step) => sum + step.gain, 0)
  const would =
    runs.length === 0
      ? 'Nothing would run'
      : `${numberWord(runs.length, true)} would run${gain > 0 ? `, for about ${bytesShort(gain)}` : ''}`
  const stay = left.length === 0 ? '' : `; ${numberWord(left.length)} ${left.length === 1 ? 'stays' : 'stay'} for another night`
  return `${would}${stops.length > 0 ? '; then the night would end' : ''}${stay}.`
}

/** 34 to 50 s; no past run */
export const stepTime = ({ seconds, statements }: NightStep): string =>
  statements.length === 0 ? '' : seconds ? secondsWords(seconds) : 'no past run'

const OUTCOME: Record<NonNullable<Night['outcome']>, { word: string; tone: 'ok' | 'warn' | 'bad' | 'plain'; said: string }> = {
  done: { word: 'Done', tone: 'ok', said: 'Nothing was left to do.' },
  limit: { word: 'Limit reached', tone: 'ok', said: 'The limit of the night was reached.' },
  time: { word: 'Out of time', tone: 'plain', said: 'Its time was over.' },
  stopped: { word: 'Stopped', tone: 'warn', said: 'The night was stopped.' },
  failed: { word: 'Run failed', tone: 'bad', said: 'A run failed.' },
  cancelled: { word: 'Cancelled', tone: 'plain', said: 'A run was cancelled.' },
  refused: { word: 'Refused', tone: 'bad', said: 'Whoever confirmed it may not run commands any more.' },
  paused: { word: 'Paused', tone: 'plain', said: 'It was paused.' },
  changed: { word: 'Changed', tone: 'plain', said: 'It was changed.' },
  elsewhere: { word: 'Another cluster', tone: 'bad', said: 'It was confirmed for another cluster.' },
}

/** How a night ended, or how far it is. */
export function nightWords({ outcome, reason, runs }: Night): {
  word: string
  tone: 'ok' | 'warn' | 'bad' | 'plain' | 'run'
  said: string
} {
  if (!outcome) return { word: 'Going on', tone: 'run', said: reason ? `Waits: ${sentence(reason)}` : 'Its runs go one after another.' }
  const { said, ...look } = OUTCOME[outcome]
  const nothing = outcome === 'done' && runs.length === 0 ? 'The rule applied to no object.' : said
  return { ...look, said: reason ? `${said} ${sentence(reason)}` : nothing }
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`

/** 2 runs gave back 61 MB */
export function gaveWords({ runs }: Night): string {
  const gave = runs.reduce((sum, run) => sum + Math.max(0, (run.bytesBefore ?? 0) - (run.bytesAfter ?? run.bytesBefore ?? 0)), 0)
  return `${plural(runs.length, 'run', 'runs')}${gave > 0 ? ` gave back ${bytesShort(gave)}` : ''}`
}
