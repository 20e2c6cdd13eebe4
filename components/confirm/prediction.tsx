import type { ReactNode } from 'react'
import type { Prediction as Predicted } from '@/db/commands/plan'
import { bytes, duration } from '../format'
import { SectionTitle } from '../ui/section-title'
import { TrustMark } from '../ui/trust-mark'
import type { Preview } from './preview'

/** Size after, time and WAL, each with how it is known. What is not known says why and shows no number. */
export function Prediction({ previews }: { previews: Preview[] }) {
  const known = previews.flatMap(({ plan }) => (plan.prediction ? [plan.prediction] : []))
  if (known.length === 0) return null
  const size = sizeAfter(known)
  const runs = Math.min(...known.map((one) => one.runs))
  const from = sum(known.map(({ seconds }) => seconds?.from ?? null))
  const to = sum(known.map(({ seconds }) => seconds?.to ?? null))
  const wal = sum(known.map(({ walBytes }) => walBytes))
  return (
    <section>
      <SectionTitle>
        Prediction
        <TrustMark box trust={size.trust} text={size.words} />
        {runs > 0 && (
          <TrustMark
            box
            trust={{ kind: 'estimated', plusMinus: 0 }}
            text={`time and WAL from ${runs} past ${runs === 1 ? 'run' : 'runs'}`}
          />
        )}
      </SectionTitle>
      <dl className="grid grid-cols-3 rounded-control border border-line max-sm:grid-cols-1">
        <Value
          label="Size after"
          value={size.after === null ? 'n/a' : bytes(size.after)}
          note={size.after === size.before ? 'the file stays as large' : `from ${bytes(size.before)}`}
        />
        <Value
          label="Time"
          value={from === null || to === null ? 'n/a' : secondsWords({ from, to })}
          note={from === null ? 'no past run yet' : 'plus any wait'}
        />
        <Value label="WAL" value={wal === null ? 'n/a' : `≈ ${bytes(wal)}`} note={wal === null ? 'no past run yet' : extraDisk(known)} />
      </dl>
    </section>
  )
}

/** null as soon as one part is unknown: a sum that leaves something out would be a wrong number. */
const sum = (parts: (number | null)[]): number | null =>
  parts.reduce<number | null>((total, part) => (total === null || part === null ? null : total + part), 0)

function sizeAfter(known: Predicted[]) {
  const before = known.reduce((total, one) => total + one.bytesBefore, 0)
  const after = sum(known.map((one) => (one.trust.kind === 'withheld' ? null : one.bytesAfter)))
  const withheld = known.find(({ trust }) => trust.kind === 'withheld')?.trust
  const worst = known.reduce((most, { trust }) => (trust.kind === 'estimated' ? Math.max(most, trust.plusMinus) : most), 0)
  const trust = withheld ?? (worst > 0 ? ({ kind: 'estimated', plusMinus: worst } as const) : ({ kind: 'exact' } as const))
  const words =
    trust.kind === 'exact'
      ? 'size measured'
      : trust.kind === 'estimated'
        ? `size ± ${Math.max(1, Math.round(trust.plusMinus))} points`
        : undefined
  return { before, after, trust, words }
}

/** ≈ 4 s, 34 to 50 s, 1 min 10 s to 2 min. */
export function secondsWords({ from, to }: { from: number; to: number }): string {
  const [low, high] = [Math.round(from), Math.round(to)]
  if (high < 1) return 'under 1 s'
  if (low === high) return `≈ ${duration(high * 1000)}`
  return high < 60 ? `${low} to ${high} s` : `${duration(low * 1000)} to ${duration(high * 1000)}`
}

function extraDisk(known: Predicted[]): string {
  const peak = Math.max(...known.map(({ bytesAfter, bytesBefore }) => bytesAfter ?? bytesBefore))
  return `peak extra disk ${bytes(peak)}`
}

function Value({ label, value, note }: { label: string; value: string; note: ReactNode }) {
  return (
    <div className="border-l border-line px-3 py-2 first:border-l-0 max-sm:border-t max-sm:border-l-0 max-sm:first:border-t-0">
      <dt className="text-label text-ink-3">{label}</dt>
      <dd className="text-[16px] leading-[22px] font-semibold tracking-[-.015em]">{value}</dd>
      <dd className="text-label text-ink-3">{note}</dd>
    </div>
  )
}
