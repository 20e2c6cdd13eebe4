import type { HeldByServer, HeldUntil } from '@/db/runs/held-back'
import type { QueuePlace, Turn } from '@/db/runs/queue'
import type { Run, RunRetry } from '@/db/runs/run-types'
import { numberWord } from '../format'
import { appointment, clock } from '../format-time'

const ORDINALS = ['', 'first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth']

/** third, 12th, 21st */
export function ordinal(number: number): string {
  const last = Math.floor(number / 10) % 10 === 1 ? 0 : number % 10
  return ORDINALS[number] ?? `${number}${['th', 'st', 'nd', 'rd'][last] ?? 'th'}`
}

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1)

/** The page's sentence of a queued run, and the line below it. */
export function queuedVerdict({ retry, giveUpMinutes }: Run, place: QueuePlace | null): { title: string; below: string } {
  if (!place) return { title: 'Queued.', below: 'It starts when the runs before it have ended.' }
  if ('place' in place) return { title: 'Queued.', below: turnWords(place) }
  if (!('startsAt' in place)) return heldByServer(place)
  const heldUp = retry ? heldUpBy(retry) : null
  if (place.because === 'retry') {
    const until = retry?.since ? `, at ${clock(Date.parse(retry.since) + giveUpMinutes * 60_000)} UTC` : ''
    const limit = `Given up ${giveUpMinutes} min after the first try${until}.`
    return { title: `${capital(tryAt(place, retry))}.`, below: [heldUp && `${capital(heldUp)}.`, limit].filter(Boolean).join(' ') }
  }
  const before =
    heldUp && `${capital(numberWord(retry?.tries ?? 0))} ${retry?.tries === 1 ? 'try' : 'tries'} in the last window, ${heldUp}.`
  const words = place.window ? `Window ${place.window.name}: ${place.window.words}.` : ''
  return { title: `${capital(waitsFor(place))}.`, below: [words, before].filter(Boolean).join(' ') }
}

/** Where a queued run stands, in a line of the list. */
export function queuedWords(place: QueuePlace, retry: RunRetry | null): string {
  if ('place' in place) return turnWords(place)
  if (!('startsAt' in place)) return heldByServer(place).title
  if (place.because === 'window') return `${capital(waitsFor(place))}${place.window ? `, window ${place.window.name}` : ''}.`
  return `${[capital(tryAt(place, retry)), retry && heldUpBy(retry)].filter(Boolean).join(', ')}.`
}

/** Second of three in the queue; waits for run #12, which works on the same table. */
function turnWords({ place, of, waitsFor, attended }: Turn): string {
  if (!waitsFor) return attended ? 'Next: a worker starts it within a few seconds.' : 'Next, as soon as a worker runs.'
  const where = of === 1 ? 'Alone in the queue' : place === 1 ? `First of ${of} in the queue` : `Number ${place} of ${of} in the queue`
  const why = waitsFor.because === 'table' ? 'on the same table' : 'on the same server'
  return `${where}; waits for run #${waitsFor.runId} ${why}${waitsFor.going ? '' : ', which is queued before it'}.`
}

/** Held: why, and what lets it go on. Nothing of it was sent. */
function heldByServer({ because, confirmedFor, found }: HeldByServer): { title: string; below: string } {
  if (because === 'standby')
    return {
      title: 'Held: the server is a standby now.',
      below: 'It was confirmed for a primary, and starts when the address leads to one again.',
    }
  if (because === 'unknown')
    return {
      title: 'Held: the cluster at this address can no longer be identified.',
      below: `It was confirmed for system identifier ${confirmedFor}, which Proctor's role may no longer read. It starts once the role may read it.`,
    }
  return {
    title: 'Held: the address leads to another cluster.',
    below: `It was confirmed for system identifier ${confirmedFor}; ${found} answers. It stays queued until the address leads back, and is cancelled when an administrator confirms the new cluster on the server's page.`,
  }
}

/** waits for Sun 29 Nov 02:00 Europe/Prague */
const waitsFor = ({ startsAt, window }: HeldUntil): string => {
  const zone = window?.timeZone ?? 'UTC'
  return `waits for ${appointment(startsAt, zone)} ${zone}`
}

/** third try at 11:42:05 UTC */
const tryAt = ({ startsAt }: HeldUntil, retry: RunRetry | null): string =>
  `${ordinal((retry?.tries ?? 0) + 1)} try at ${clock(startsAt)} UTC`

/** held up by pid 4711 (metabase) */
function heldUpBy({ blockers }: RunRetry): string | null {
  const who = blockers.map(({ pid, applicationName, usename }) => {
    const name = applicationName || usename
    return pid === 0 ? 'a prepared transaction' : `pid ${pid}${name ? ` (${name})` : ''}`
  })
  return who.length === 0 ? null : `blocked by ${who.join(' and ')}`
}
