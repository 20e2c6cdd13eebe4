import { Lock, RefreshCw, Undo2 } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Plan } from '@/db/commands/plan'
import { SectionTitle } from '../ui/section-title'
import { SqlText } from '../ui/sql'
import { mergeSentences, type Preview } from './preview'
import { lockWords } from './sentence'

/** Effect, locks with who waits, and what a cancel leaves behind. Several commands say what is alike once. */
export function WhatItDoes({ previews }: { previews: Preview[] }) {
  const plans = previews.map(({ plan }) => plan)
  const undo = plans.length === 1 ? plans[0]?.undo : null
  return (
    <section>
      <SectionTitle>What it does</SectionTitle>
      {mergeSentences(previews, ({ effect }) => effect).map(({ sentence, more }, at) => (
        <Line key={sentence} icon={at === 0 ? <RefreshCw aria-hidden /> : null}>
          <Lead sentence={sentence} strong={at === 0} />
          <More count={more} />
        </Line>
      ))}
      {locksOf(plans).map(({ mode, relations, waits }) => (
        <Line key={`${mode} ${waits}`} icon={<Lock aria-hidden />}>
          <b className="font-medium text-ink">{lockWords(mode)}</b> on{' '}
          <span className="[overflow-wrap:anywhere]">{relations.join(', ')}</span>. {waits}
        </Line>
      ))}
      {mergeSentences(previews, ({ cancel }) => [cancel]).map(({ sentence, more }) => (
        <Line key={sentence} icon={<Undo2 aria-hidden />}>
          <Lead sentence={sentence} strong />
          <More count={more} />
        </Line>
      ))}
      {undo && (
        <Line icon={<Undo2 aria-hidden />}>
          Undo afterwards with{' '}
          <code className="text-ink [overflow-wrap:anywhere]">
            <SqlText sql={undo} />
          </code>
        </Line>
      )}
    </section>
  )
}

/** How many more objects the same holds for. */
const More = ({ count }: { count: number }) => count > 0 && <span className="text-ink-3"> The same for {count} more.</span>

/** The same lock on several relations is one line. */
function locksOf(plans: Plan[]) {
  const lines = new Map<string, { mode: Plan['locks'][number]['mode']; relations: string[]; waits: string }>()
  for (const { mode, relation, waits } of plans.flatMap(({ locks }) => locks)) {
    const key = `${mode} ${waits}`
    const found = lines.get(key)
    if (!found) lines.set(key, { mode, relations: [relation], waits })
    else if (!found.relations.includes(relation)) found.relations.push(relation)
  }
  return [...lines.values()]
}

function Line({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[18px_1fr] gap-2 py-1 text-cell text-ink-2 [&_svg]:mt-px [&_svg]:size-4 [&_svg]:text-ink-3">
      <span>{icon}</span>
      <div className="min-w-0">{children}</div>
    </div>
  )
}

/** The sentence up to its first comma or full stop in ink, the rest calmer. */
function Lead({ sentence, strong }: { sentence: string; strong: boolean }) {
  const end = sentence.search(/[.,;](\s|$)/)
  if (!strong || end < 0) return sentence
  return (
    <>
      <b className="font-medium text-ink">{sentence.slice(0, end)}</b>
      {sentence.slice(end)}
    </>
  )
}
