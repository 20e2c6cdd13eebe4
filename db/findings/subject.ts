import { createHash } from 'node:crypto'
import type { Finding } from '../checks/define-check'
import { keyOf } from '../domain/statement-key'

/** As much of a subject stands in an index entry; longer ones are told apart by their hash. */
const LONGEST = 400

/**
 * What a finding is about, by names that outlive it: an index keeps its name through REINDEX CONCURRENTLY, which gives it another OID. A
 * session is its pid and begin, a statement its entry in pg_stat_statements, a part of the server its name.
 */
export function subjectOf(finding: Finding): string {
  const said = JSON.stringify(partsOf(finding))
  return said.length <= LONGEST ? said : `sha256:${createHash('sha256').update(said).digest('hex')}`
}

function partsOf(finding: Finding): (string | number)[] {
  switch (finding.kind) {
    case 'relation':
      return [finding.what, finding.schemaname, finding.relname, ...(finding.part === undefined ? [] : [finding.part])]
    case 'session':
      return ['session', finding.pid, finding.backend_start]
    case 'statement':
      return ['statement', keyOf(finding)]
    case 'server':
      return ['server', ...(finding.name === null ? [] : [finding.name])]
  }
}

/** What a check found, by subject; a second one of the same subject is told apart by its place among them. */
export function bySubject(findings: readonly Finding[]): Map<string, Finding> {
  const found = new Map<string, Finding>()
  for (const finding of findings) {
    const subject = subjectOf(finding)
    let place = subject
    for (let n = 2; found.has(place); n++) place = `${subject} ${n}`
    found.set(place, finding)
  }
  return found
}
