import type { LockMode } from '@/db/commands/plan'
import { bytesShort } from '../format'
import type { Preview } from './preview'

/** Table locks by what they let go on (manual, table 13.2). */
const STRENGTH: LockMode[] = [
  'AccessShareLock',
  'RowShareLock',
  'RowExclusiveLock',
  'ShareUpdateExclusiveLock',
  'ShareLock',
  'ShareRowExclusiveLock',
  'ExclusiveLock',
  'AccessExclusiveLock',
]

/** The lock's name as the manual and the SQL command LOCK write it: SHARE UPDATE EXCLUSIVE. */
export const lockWords = (mode: LockMode): string =>
  mode
    .replace(/Lock$/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toUpperCase()

/** What users notice while the strongest of these locks is held. */
export function whatGoesOn(modes: LockMode[]): string {
  const strongest = Math.max(-1, ...modes.map((mode) => STRENGTH.indexOf(mode)))
  if (strongest >= STRENGTH.indexOf('AccessExclusiveLock')) return 'Reads and writes wait until it is done.'
  if (strongest >= STRENGTH.indexOf('ShareLock')) return 'Reads go on, writes wait until it is done.'
  return 'Reads and writes go on.'
}

/** The dialog's second line: what comes back, what goes on meanwhile, and what it will have to wait for. */
export function headline(previews: Preview[]): string {
  const meanwhile = previews.find(({ plan }) => plan.meanwhile)?.plan.meanwhile
  const sentences = [returns(previews), meanwhile ?? whatGoesOn(previews.flatMap(({ plan }) => plan.locks.map(({ mode }) => mode)))]
  const waits = new Set(previews.flatMap(waitsOf))
  if (waits.size > 0) sentences.push(`It will wait for ${[...waits].join(' and ')} before it can finish.`)
  return sentences.filter(Boolean).join(' ')
}

const WAITS: Record<string, string> = { 'long-transaction': 'open transactions', 'prepared-transaction': 'prepared transactions' }

/** The CONCURRENTLY forms wait for whoever may still need the old state; the plain ones give up instead. */
const waitsOf = ({ plan, preflight }: Preview): string[] =>
  plan.form === 'concurrently' ? preflight.flatMap(({ name, status }) => (status === 'warn' && WAITS[name] ? [WAITS[name]] : [])) : []

function returns(previews: Preview[]): string {
  const known = previews.flatMap(({ plan: { prediction } }) =>
    prediction && prediction.bytesAfter !== null && prediction.trust.kind !== 'withheld'
      ? [{ back: prediction.bytesBefore - prediction.bytesAfter, exact: prediction.trust.kind === 'exact' }]
      : [],
  )
  if (known.length === 0) return ''
  const back = known.reduce((sum, one) => sum + one.back, 0)
  if (back <= 0) return ''
  const about = known.every(({ exact }) => exact) ? '' : 'about '
  const some = known.length < previews.length ? ` from ${known.length} of ${previews.length}` : ''
  return `Returns ${about}${bytesShort(back)}${some}.`
}
