import type { Finding } from '@/db/checks/define-check'
import type { CheckedState, CheckState, FindingLife } from '@/db/findings/read-findings'

/** A finding as the page shows it; what the console knows by itself has no life that somebody could acknowledge. */
export type ShownFinding = Finding & { life?: FindingLife }

export type ShownCheck = Omit<CheckState, 'findings'> & { findings: ShownFinding[] }

/** Every check of a database and its server as it last looked. */
export interface ChecksAnswer extends Omit<CheckedState, 'checks'> {
  checks: ShownCheck[]
}
