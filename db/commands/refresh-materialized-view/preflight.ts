import { ok } from '../../server/problem'
import { line, type PreflightCheck } from '../define-command'
import type { RelationFacts } from '../facts/load'
import { reachedCode } from '../preflight/reached-code'

/** The first minor of each major in which REFRESH … CONCURRENTLY gives its rights up before anything of the owner's runs; 17 was released with it. */
const MENDED: Record<number, number> = { 14: 140_011, 15: 150_006, 16: 160_002 }

/**
 * A view's query runs as the view's owner, in a security-restricted operation (manual, REFRESH MATERIALIZED VIEW), so that it does nobody's work but
 * its owner's. Up to the minors above CONCURRENTLY was late with that, and whoever owned the view could run what he liked as the role that refreshed
 * it. https://www.postgresql.org/support/security/CVE-2024-0985/
 */
export const restrictedTooLate: PreflightCheck<RelationFacts> = async (_target, { server, facts }, plan) => {
  if (plan.alwaysTyped || facts.owner === server.role || server.versionNum >= (MENDED[server.major] ?? 0)) return ok(null)
  return line(
    'restricted-late',
    'stop',
    `${facts.owner} could run code as ${server.role}`,
    `PostgreSQL ${server.version} has CVE-2024-0985: CONCURRENTLY of a view that belongs to another role. Update to ${server.major}.${(MENDED[server.major] ?? 0) % 100} or later, or refresh it without CONCURRENTLY.`,
  )
}

/** Of a view of our own the query runs as our role: whose code it reaches is looked at, as before EXPLAIN. */
export const codeOfOwnView: PreflightCheck<RelationFacts & { query: string | null }> = async (target, { server, facts }) => {
  if (facts.owner !== server.role) return ok(null)
  if (facts.query === null)
    return line('reached-code', 'stop', 'The query of the view is not known', 'A lock hides it: plan again when that is released.')
  const code = await reachedCode(target, facts.query, server.role)
  if (!code.ok) return code
  const { others, opaque } = code.value
  if (others.length > 0)
    return line('reached-code', 'stop', `Code of others would run as ${server.role}, who owns the view`, `${others.join('. ')}.`)
  if (opaque.length > 0)
    return line(
      'reached-code',
      'warn',
      `Code that cannot be looked through runs as ${server.role}, who owns the view`,
      `${opaque.join('. ')}.`,
    )
  return ok(null)
}
