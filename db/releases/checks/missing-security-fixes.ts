import type { Check, Finding } from '../../checks/define-check'
import { formatCount, formatDay } from '../../domain/format'
import { serverFacts } from '../../server/facts'
import { ok } from '../../server/problem'
import { END_OF_LIFE, KNOWN_UNTIL, SECURITY_RELEASES } from '../security-fixes'

/** What is known to be open in a release. */
interface OpenFaults {
  /** Newest first: CVE-2026-14676. */
  faults: string[]
  /** The minor release that fixes them all, and since when there was one that fixes some; null where none is open. */
  fixedBy: { release: string; date: string; since: string } | null
  /** The day on which fixes ended, where that has come. */
  ended: string | null
}

/**
 * What is known to be open in a release (`versionNum`: 180004 is 18.4) on a day. Of a major or a minor release that is newer than
 * the data, nothing is known.
 */
export function openFaults(versionNum: number, now: Date): OpenFaults {
  const [major, minor] = [Math.floor(versionNum / 10_000), versionNum % 10_000]
  const missed = SECURITY_RELEASES.filter(({ minors }) => (minors[major] ?? 0) > minor)
  const faults = missed.flatMap(({ all, some = {} }) => [
    ...all,
    ...Object.entries(some).flatMap(([fault, majors]) => (majors.includes(major) ? [fault] : [])),
  ])
  const [newest, oldest] = [missed[0], missed.at(-1)]
  const end = END_OF_LIFE[major]
  return {
    faults: faults.map((fault) => `CVE-${fault}`),
    fixedBy: newest && oldest ? { release: `${major}.${newest.minors[major]}`, date: newest.date, since: oldest.date } : null,
    ended: end && now >= new Date(end) ? end : null,
  }
}

/** So many stand in a sentence; PostgreSQL's page has them all. */
const NAMED = 8

export const missingSecurityFixesOn = (today: () => Date): Check => ({
  name: 'missing-security-fixes',
  about: 'The release of the server lacks fixes for known vulnerabilities, or its major is no longer maintained',
  scope: 'server',
  look: async (target) => {
    const facts = await serverFacts(target)
    if (!facts.ok) return facts
    const { versionNum, major } = facts.value
    const release = `${major}.${versionNum % 10_000}`
    const { faults, fixedBy, ended } = openFaults(versionNum, today())
    const found = { kind: 'server', trust: { kind: 'exact' }, severity: 'warn', fix: null, sql: null } as const
    const findings: Finding[] = []
    if (fixedBy) {
      const more = faults.length > NAMED ? ` and ${faults.length - NAMED} more` : ''
      findings.push({
        ...found,
        name: release,
        title: `PostgreSQL ${release} lacks the fixes for ${formatCount(faults.length, 'known fault')}`,
        evidence:
          `${fixedBy.release} of ${formatDay(fixedBy.date)} fixes ${faults.slice(0, NAMED).join(', ')}${more}. A minor release means ` +
          `new binaries and a restart, no dump. By the release number and the fixes known on ${formatDay(KNOWN_UNTIL)}; a packager may have backported some.`,
        since: fixedBy.since,
      })
    }
    if (ended) {
      findings.push({
        ...found,
        name: String(major),
        title: `PostgreSQL ${major} no longer gets fixes`,
        evidence: `Its support ended on ${formatDay(ended)}. Faults found since then are fixed in later majors only.`,
        since: ended,
      })
    }
    return ok(findings)
  },
})

export const missingSecurityFixes = missingSecurityFixesOn(() => new Date())
