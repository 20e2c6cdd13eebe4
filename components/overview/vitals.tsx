import { Sparkline } from '../charts/sparkline'
import { Card } from '../ui/card'
import { classes } from '../ui/class-names'
import { markWords, sampledWords, type Vitals, vitalsOf } from './vitals-messages'

/** As many marks are said in words. */
const MARKS = 6

/** Six numbers of the server, each with its trend and its window. */
export function VitalStrip({ vitals }: { vitals: Vitals }) {
  const marked = markWords(vitals)
  const { words, stale } = sampledWords(vitals)
  return (
    <Card label="Vitals" className="my-4 overflow-hidden">
      <dl className={classes('grid grid-cols-6 max-lg:grid-cols-3 max-sm:grid-cols-2', stale && 'faded')}>
        {vitalsOf(vitals).map(({ label, window, value, unit, context, line, marks, warn }) => (
          <div key={label} className="-mt-px -ml-px min-w-0 border-t border-l border-line px-4 pt-[11px] pb-2.5 max-sm:px-3.5">
            <dt className="flex items-baseline justify-between gap-2 text-label whitespace-nowrap text-ink-3">
              {label}
              <span className="text-[11px]">{window}</span>
            </dt>
            <dd className={classes(warn && 'text-warn')}>
              <p className="text-kpi font-semibold tracking-[-.02em] whitespace-nowrap">
                {value}
                {unit && <span className={classes('ml-1 text-body font-normal tracking-normal', !warn && 'text-ink-3')}>{unit}</span>}
              </p>
              <Sparkline
                values={line}
                label={`${label} over ${window}`}
                color={warn ? 'var(--warn-fill)' : 'var(--live)'}
                marks={marks}
                className="my-1 h-[26px] w-full"
              />
              <p className={classes('truncate text-label', !warn && 'text-ink-3')} title={context}>
                {context}
              </p>
            </dd>
          </div>
        ))}
      </dl>
      <p className="flex items-center gap-2 border-t border-line px-4 py-2 text-label text-ink-3 max-sm:px-3.5">
        <i aria-hidden className={classes('size-[7px] shrink-0 rounded-full', stale ? 'border-[1.5px] border-warn-fill' : 'bg-ok-fill')} />
        <span className={classes(stale && 'text-warn')}>{words}</span>
      </p>
      {marked.length > 0 && (
        <p className="border-t border-line px-4 py-2 text-label text-ink-3 [overflow-wrap:anywhere] max-sm:px-3.5">
          <i aria-hidden className="mr-2 inline-block h-3 w-0 border-l border-dashed border-ink-3 align-[-2px]" />
          {marked.slice(0, MARKS).join('; ')}
          {marked.length > MARKS && `; and ${marked.length - MARKS} more`}
        </p>
      )}
    </Card>
  )
}
