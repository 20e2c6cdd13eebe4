import { classes } from './class-names'

/** A sunken bar where text will stand. */
export const Bar = ({ className }: { className?: string }) => (
  <span aria-hidden className={classes('block h-2.5 rounded-[2px] bg-sunken', className)} />
)

/** Rows of a table that keep their 29 px while they load. */
export function SkeletonRows({ rows, columns }: { rows: number; columns: number }) {
  return Array.from({ length: rows }, (_, row) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike
    <tr key={row} className="h-[29px] border-b border-grid last:border-b-0">
      {Array.from({ length: columns }, (_, column) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the cells are all alike
        <td key={column} className="px-2 first:pl-4 last:pr-4">
          <Bar className={column % 3 === 0 ? 'w-4/5' : 'w-3/5'} />
        </td>
      ))}
    </tr>
  ))
}

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
