import { classes } from './class-names'

/** How a number was made; the shape of db/server/trust. */
type TrustOf = { kind: 'exact' } | { kind: 'estimated'; plusMinus: number } | { kind: 'withheld'; reason: string; fix?: string }

const dot = 'size-[7px] shrink-0 rounded-full border-[1.2px]'
const DOTS = {
  exact: 'border-ink-2 bg-ink-2',
  estimated: 'border-ink-3 bg-[linear-gradient(90deg,var(--ink-3)_50%,transparent_50%)]',
  withheld: 'border-dotted border-ink-3',
}

/** The mark alone: a full, half or dotted circle. */
export const TrustDot = ({ kind }: { kind: TrustOf['kind'] }) => <i aria-hidden className={classes(dot, DOTS[kind])} />

/** Percentage points are rounded up: a narrower ± would not be true. */
export const wholePoints = (plusMinus: number): number => Math.max(1, Math.ceil(plusMinus - 1e-9))

/** What a mark says in words: exact, ± 5, withheld: GIN. */
export function trustWords(trust: TrustOf): string {
  if (trust.kind === 'exact') return 'exact'
  if (trust.kind === 'estimated') return `± ${wholePoints(trust.plusMinus)}`
  return `withheld: ${trust.reason}`
}

interface TrustMarkProps {
  trust: TrustOf
  /** What an estimate was made from. */
  from?: string
  text?: string
  box?: boolean
  wrap?: boolean
  className?: string
}

/**
 * ● exact, ◐ ± n points, ◌ withheld: reason. `text` replaces the words, `box` draws the frame of a heading, `wrap` lets a long
 * reason take a second line: it is never cut. */
export function TrustMark({ trust, from, text, box, wrap, className }: TrustMarkProps) {
  const title =
    trust.kind === 'estimated'
      ? `Estimated, ± ${wholePoints(trust.plusMinus)} percentage points; 95% of true values lie within${from ? `; ${from}` : ''}`
      : trust.kind === 'withheld'
        ? `Withheld: ${trust.reason}${trust.fix ? `. Needs: ${trust.fix}` : ''}`
        : 'Measured, exact'
  return (
    <span
      title={title}
      className={classes(
        'inline-flex min-w-0 gap-1 text-tick font-normal text-ink-3',
        wrap ? 'items-baseline leading-[13px] py-[2.5px] -mb-[2px]' : 'items-center whitespace-nowrap',
        box && 'h-4 rounded-chip border border-line-2 bg-surface px-[5px]',
        className,
      )}
    >
      <TrustDot kind={trust.kind} />
      <span>{text ?? trustWords(trust)}</span>
    </span>
  )
}
