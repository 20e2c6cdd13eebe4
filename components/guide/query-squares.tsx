import type { GuidePlans } from '@/db/guide/catalogue/read-plans'
import { classes } from '../ui/class-names'

/** The guide's five queries by number. */
export function QueryLegend({ plans }: { plans: GuidePlans }) {
  return (
    <p className="flex flex-wrap gap-x-3 text-label text-ink-3">
      {plans.map(({ name, label }, at) => (
        <span key={name}>
          <b className="font-medium text-ink-2">{at + 1}</b> {label}
        </span>
      ))}
    </p>
  )
}

/** Which of them read an index, by their plans. */
export function QuerySquares({ plans, indexrelid }: { plans: GuidePlans; indexrelid: number | null }) {
  const reading = plans.filter(({ indexes }) => indexrelid !== null && indexes.includes(indexrelid))
  return (
    <span
      className="inline-flex gap-0.5 align-middle"
      title={plans
        .map(({ label, problem }) => (problem ? `${label}: ${problem.message}` : ''))
        .filter(Boolean)
        .join('\n')}
    >
      {plans.map((plan) => (
        <i
          key={plan.name}
          aria-hidden
          className={classes(
            'h-[13px] w-3.5 rounded-[2px] border',
            plan.problem ? 'border-dashed border-line-2' : reading.includes(plan) ? 'border-live bg-live' : 'border-line bg-canvas',
          )}
        />
      ))}
      <span className="sr-only">{reading.length > 0 ? reading.map(({ label }) => label).join(', ') : 'none of the five'}</span>
    </span>
  )
}
