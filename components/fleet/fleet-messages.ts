import type { FleetAnswer, FleetServer } from '@/db/fleet/fleet-types'
import { exactCount, plural } from '../format'
import { clock, sinceWords } from '../format-time'

type Counted = Pick<FleetAnswer, 'counts' | 'totals' | 'first'>

const servers = (count: number): string => plural(count, 'server', 'servers')
const has = (count: number, one: string, many: string): string => `${exactCount(count)} ${count === 1 ? one : many}`

/** Must I act? */
export function fleetSentence({ counts: { all, high, medium }, first }: Counted): string {
  if (all === 0) return 'No servers yet.'
  const [only] = first
  if (all === 1 && only) return `${only.name} ${only.standing === 'unreachable' ? 'does not answer.' : 'needs attention.'}`
  if (high > 0)
    return `${exactCount(high)} of ${has(all, 'server needs', 'servers')} ${all > 1 ? (high === 1 ? 'needs' : 'need') : ''} attention.`
  if (medium > 0)
    return all === 1
      ? 'The server has findings of medium severity.'
      : `${exactCount(medium)} of ${servers(all)} ${medium === 1 ? 'has' : 'have'} medium findings.`
  return all === 1 ? 'No problems on the server.' : `No problems on ${servers(all)}.`
}

/** What else there is, after the servers that are named. */
export function fleetEvidence({ counts: { all, high, medium, none, stale } }: Counted): string {
  if (all === 0) return 'Set DATABASE_URL, or leave the sample on, and start the console again.'
  const rest = [
    high > 0 && medium > 0 && `${has(medium, 'server has', 'servers have')} medium findings`,
    none > 0 && all > 1 && `${exactCount(none)} ${none === 1 ? 'has' : 'have'} none`,
    stale > 0 && `${exactCount(stale)} ${stale === 1 ? 'is' : 'are'} not sampled now`,
  ].filter((part) => part !== false)
  return rest.length > 0 ? `${rest.join(', ')}.` : ''
}

/** What stands in a server's row as its worst problem. */
export function worstLine(
  server: FleetServer,
  readAt: string,
): { title: string; evidence: string | null; tone: 'bad' | 'warn' | 'plain' | 'quiet' } {
  const { standing, failing, otherCluster, worst, checked, sampledAt } = server
  if (standing === 'elsewhere')
    return {
      title: 'The address leads to another cluster',
      evidence: `System identifier ${otherCluster} answers; runs are held`,
      tone: 'bad',
    }
  if (standing === 'unreachable')
    return {
      title: failing?.since ? `Unreachable since ${sinceWords(failing.since, readAt)}` : 'Unreachable',
      evidence:
        [failing?.problem?.message.replace(/\.$/, ''), failing?.retryAt && `tried again at ${clock(failing.retryAt)}`]
          .filter(Boolean)
          .join('; ') || null,
      tone: 'bad',
    }
  if (worst) return { title: worst.title, evidence: worst.evidence || null, tone: worst.severity === 'info' ? 'plain' : worst.severity }
  if (standing === 'never') return { title: 'Not sampled yet', evidence: null, tone: 'quiet' }
  if (standing === 'stale') return { title: `No sample since ${sinceWords(sampledAt, readAt)}`, evidence: null, tone: 'warn' }
  return { title: checked ? 'No findings' : 'Not checked yet', evidence: null, tone: 'quiet' }
}

/** The same within the page's sentence: "orders-us-1 is unreachable". */
export function firstWords(server: FleetServer): string {
  if (server.standing === 'unreachable') return 'is unreachable'
  if (server.standing === 'elsewhere') return 'is another cluster'
  return `: ${server.worst?.title ?? ''}`
}
