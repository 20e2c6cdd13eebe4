import { exactCount } from '../format'

/** Usage counts 0 … 5 as one bar, from light to dark: those of 5 were used most often since the clock sweep came by. */
export function UsageBar({ usage }: { usage: readonly number[] }) {
  const all = usage.reduce((sum, n) => sum + n, 0)
  const words = usage.map((n, at) => `${at}: ${exactCount(n)}`).join(', ')
  return (
    <span role="img" aria-label={`Buffers by usage count: ${words}`} title={words} className="flex h-[9px] w-24 overflow-hidden bg-sunken">
      {usage.map((n, at) => (
        <i
          // biome-ignore lint/suspicious/noArrayIndexKey: the place is the usage count
          key={at}
          style={{
            width: `${all === 0 ? 0 : (n / all) * 100}%`,
            background: `color-mix(in srgb, var(--live) ${15 + at * 17}%, var(--surface))`,
          }}
        />
      ))}
    </span>
  )
}
