import type { GuideChosen } from '@/db/console/schema-guide'
import type { PlanFacts } from '@/db/guide/plan-facts'
import type { BarPicture, Figure, GuideQuery, GuideQueryName, ResultColumn } from '@/db/guide/queries/guide-query'
import type { GuideOutcome } from '@/db/guide/run-query'
import type { GuideHistory } from '@/db/history/guide-history'
import type { KeptRun, MeasuredPoint } from '@/db/history/guide-runs'
import type { Problem } from '@/db/server/problem'
import type { Explained } from '@/db/statements/explain-statement'

/** A run as a list has it. */
export interface RunSummary {
  at: string
  by: string
  ms: number | null
  problem: Problem | null
  chosen: GuideChosen
  /** Indexes that its plan read; null where there is none. */
  indexes: string[] | null
  /** Rows that it gave. */
  given: number | null
  compared: { rows: number; same: number } | null
  figures: Figure[]
}

export interface QueryLine extends Pick<GuideQuery, 'name' | 'title' | 'takes' | 'ranks' | 'inPrint'> {
  /** It can be run for all students at once. */
  forAll: boolean
  /** Tables that it needs and that are not there. */
  missing: string[]
  corrected: RunSummary | null
  printed: RunSummary | null
  history: GuideHistory | null
}

type ShownRun = Omit<KeptRun, 'outcome'> & { outcome: Omit<GuideOutcome, 'timed' | 'nodes'> }

export interface ChosenQuery {
  name: GuideQueryName
  columns: ResultColumn[]
  picture: BarPicture
  printedColumns: ResultColumn[]
  /** As it is run here, and as the guide prints it. */
  correctedText: string
  printedText: string
  corrected: ShownRun | null
  printed: ShownRun | null
  all: { corrected: RunSummary | null; printed: RunSummary | null } | null
  explained: Explained | null
  facts: PlanFacts | null
  points: MeasuredPoint[]
}

export interface WorkloadModel {
  schema: string
  /** Rows of the tables, as last counted by ANALYZE or VACUUM. */
  tableRows: Partial<Record<string, number>>
  lines: QueryLine[]
  chosen: ChosenQuery
  blockSize: number
  /** The longest that anything runs, s. */
  budgetSeconds: number
}
