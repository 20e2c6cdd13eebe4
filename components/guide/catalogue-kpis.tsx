import type { CatalogueAnswer } from '@/db/guide/catalogue/read-catalogue'
import type { GuidePlans } from '@/db/guide/catalogue/read-plans'
import { bytesShort } from '../format'
import { Kpi, KpiStrip } from '../ui/card'
import { sizeOf } from './catalogue-messages'

/** How many of each state, and how many the guide's own queries read. */
export function CatalogueKpis({ rows, plans }: { rows: CatalogueAnswer['rows']; plans: GuidePlans | undefined }) {
  const of = (...states: string[]) => rows.filter(({ state }) => states.includes(state))
  const printed = rows.filter((row) => row.printed !== null)
  const here = rows.filter(({ index }) => index !== null)
  const missing = of('missing')
  const leftOut = missing.filter((row) => row.printed === null).length
  const read = new Set(plans?.flatMap(({ indexes }) => indexes))
  const planned = plans?.filter(({ problem }) => problem === null).length ?? 0
  const other = [
    of('served').length > 0 && `${of('served').length} not needed`,
    of('absent').length > 0 && `${of('absent').length} not here`,
  ]
  return (
    <KpiStrip compact className="mb-3 grid-cols-7 max-lg:grid-cols-4 max-sm:grid-cols-2">
      <Kpi
        label="In the guide"
        value={printed.length}
        context={`+${rows.length - printed.length} added; ${bytesShort(sizeOf(rows))} here`}
      />
      <Kpi label="Present" value={of('present').length} context="as printed" />
      <Kpi label="Improved" value={of('improved').length} context="corrected form" />
      <Kpi label="Redundant" value={of('redundant').length} context={bytesShort(sizeOf(of('redundant')))} />
      <Kpi
        label="Missing"
        value={missing.length}
        context={
          [leftOut > 0 && `${leftOut === missing.length ? '' : `${leftOut} `}left out`, ...other].filter(Boolean).join(', ') || undefined
        }
      />
      <Kpi label="Cannot exist" value={of('cannot').length} context="as printed" />
      <Kpi
        label={planned === 5 || !plans ? 'Read by the 5 queries' : `Read by ${planned} of 5 queries`}
        value={planned > 0 ? here.filter(({ index }) => index && read.has(index.indexrelid)).length : '–'}
        context={plans ? `of ${here.length} here` : 'planning …'}
      />
    </KpiStrip>
  )
}
