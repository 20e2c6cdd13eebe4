import { type Place, targetOf } from '@/app/place'
import { timeRangeOf } from '@/components/time/time-range'
import { exportStatements } from '@/db/history/export-statements'
import { listStatements } from '@/db/history/list-statements'
import type { TimeRange } from '@/db/history/range'
import { statementDetail } from '@/db/history/statement-detail'
import { hintsOf } from '@/db/statements/statement-hints'
import { readSamplingSettings } from '@/db/worker/sampling/sampling-settings'
import { textAsked } from './asked-text'
import type { DetailAsk, HintsAsk, QueryAsk } from './live-params'

/** What is read of a range of the samples: it ends now, or lies between two moments. */
const rangeOf = (ask: Pick<QueryAsk, 'range' | 'from' | 'to'>): TimeRange => {
  const { from, to } = timeRangeOf(ask, Date.now())
  return { from: new Date(from), to: new Date(to) }
}

/** The list of the page. Errors: as targetOf and listStatements. */
export async function readQueries(place: Place, ask: QueryAsk) {
  const target = await targetOf(place)
  if (!target.ok) return target
  return listStatements(target.value, { ...ask, range: rangeOf(ask), sampleMs: readSamplingSettings().statementsMs })
}

/** The drawer of one statement. Errors: as targetOf and statementDetail. */
export async function readQuery(place: Place, ask: DetailAsk) {
  const target = await targetOf(place)
  return target.ok ? statementDetail(target.value, { ...ask, range: rangeOf(ask) }) : target
}

/** The hints on one statement of the place. Errors: as textAsked and hintsOf. */
export async function readHints({ server, database }: Place, ask: HintsAsk) {
  const asked = await textAsked({ server, datname: database, ...ask })
  return asked.ok ? hintsOf(asked.value.target, asked.value) : asked
}

/** The list as a file has it, with whole texts. Errors: as targetOf and exportStatements. */
export async function readForExport(place: Place, ask: Omit<QueryAsk, 'limit' | 'vs' | 'vfrom' | 'vto' | 'since'>) {
  const target = await targetOf(place)
  return target.ok ? exportStatements(target.value, { ...ask, range: rangeOf(ask) }) : target
}
