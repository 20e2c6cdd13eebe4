import { classes } from './class-names'

/** A sunken bar where text will stand. */
export const Bar = ({ className }: { className?: string }) => (
  <span aria-hidden className={classes('block h-2.5 rounded-[2px] bg-sunken', className)} />
)

/** A page that loads: heading, strip and card at the places where they will be. */
export function SkeletonPage({ label }: { label: string }) {
  return (
    <div role="status" aria-label={label} className="grid gap-4">
      <div className="grid gap-2.5 py-1">
        <Bar className="w-20" />
        <Bar className="h-5 w-96 max-w-full" />
        <Bar className="w-[30rem] max-w-full" />
      </div>
      <div className="h-[71px] rounded-card border border-line bg-surface" />
      <div className="h-72 rounded-card border border-line bg-surface" />
    </div>
  )
}
