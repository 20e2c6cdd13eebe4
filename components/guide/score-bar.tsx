import type { BarPicture, TextRow } from '@/db/guide/queries/guide-query'

export const PART_COLORS = ['var(--q1)', 'var(--q2)', 'var(--q3)'] as const

export const barValue = ({ parts }: BarPicture, row: TextRow): number =>
  parts.reduce((sum, { key, factor }) => sum + Math.max(0, Number(row[key] ?? 0) * factor), 0)

/** The parts of a row's value, on the scale of its list; the figure stands beside it. */
export function ScoreBar({ picture, row, most }: { picture: BarPicture; row: TextRow; most: number }) {
  return (
    <span aria-hidden className="flex h-[7px] w-full min-w-16 gap-px overflow-hidden">
      {picture.parts.map(({ key, factor }, at) => (
        <i
          key={key}
          className="h-full"
          style={{ width: `${(Math.max(0, Number(row[key] ?? 0) * factor) / (most || 1)) * 100}%`, background: PART_COLORS[at] }}
        />
      ))}
    </span>
  )
}
