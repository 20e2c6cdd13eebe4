import type { Finding } from '@/db/checks/define-check'
import type { CheckedState, CheckState, FindingLife } from '@/db/findings/read-findings'
import type { NextMaintenance } from '@/db/maintenance/next-maintenance'

/** A finding as the page shows it; what the console knows by itself has no life that somebody could acknowledge. */
export type ShownFinding = Finding & { life?: FindingLife }

export type ShownCheck = Omit<CheckState, 'findings'> & { findings: ShownFinding[] }

/** Every check of a database and its server as it last looked. */
export interface ChecksAnswer extends Omit<CheckedState, 'checks'> {
  checks: ShownCheck[]
  /** null where no check that finds maintenance could look. */
  next: BestKnown | null
}

/** The best maintenance that the checks know of. */
export interface BestKnown extends Omit<NextMaintenance, 'leftOut'> {
  /** How many steps there are, of which the best are here; null where more was found than is kept. */
  total: number | null
  /** When they looked, the one that did so longer ago (ISO 8601); null: they never have. */
  at: string | null
}
