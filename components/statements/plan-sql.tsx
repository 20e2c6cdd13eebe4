'use client'
import type { MarkedSql, Part } from '@/db/statements/plan-marks'
import { CopyButton } from '../ui/copy-button'
import { ScrollRegion } from '../ui/scroll-region'
import { SqlText } from '../ui/sql'

/** The statement by lines, those that belong to the selected node marked, and the words in them. */
export function PlanSql({ sql, marks, node, exact }: MarkedSql & { node: number; exact: string }) {
  const parts = marks[node] ?? []
  let at = 0
  const lines = sql.split('\n').map((text) => {
    const from = at
    at += text.length + 1
    return { from, text, inside: parts.filter((part) => part.from < from + text.length && part.to > from) }
  })
  const marked = lines.flatMap(({ inside }, index) => (inside.length > 0 ? [index + 1] : []))
  return (
    <section aria-label="Statement" className="border-t border-line px-5 py-3 max-sm:px-3">
      <div className="flex items-center gap-2">
        <h3 className="text-cell font-semibold">Statement</h3>
        <span className="text-label text-ink-3">
          {marked.length === 0
            ? 'no part of it belongs to this node alone'
            : `line${marked.length > 1 ? 's' : ''} ${marked.join(', ')} ${marked.length > 1 ? 'belong' : 'belongs'} to the selected node`}
        </span>
        <CopyButton text={exact} className="ml-auto" />
      </div>
      <ScrollRegion label="SQL" className="mt-1.5 max-h-[44vh] max-lg:max-h-72">
        <ol className="font-mono text-[12px] leading-[18px]">
          {lines.map(({ from, text, inside }) => (
            <li key={from} className={inside.length > 0 ? 'flex bg-accent-soft shadow-[inset_3px_0_0_var(--accent)]' : 'flex'}>
              <span aria-hidden className="w-9 shrink-0 pr-3 text-right text-ink-3 select-none">
                {lines.findIndex((line) => line.from === from) + 1}
              </span>
              <span className="min-w-0 whitespace-pre-wrap [overflow-wrap:anywhere]">
                <Marked text={text} parts={inside.map((part) => ({ from: part.from - from, to: part.to - from }))} />
              </span>
            </li>
          ))}
        </ol>
      </ScrollRegion>
    </section>
  )
}

function Marked({ text, parts }: { text: string; parts: Part[] }) {
  const [part] = parts
  if (!part) return <SqlText sql={text} />
  return (
    <>
      <SqlText sql={text.slice(0, part.from)} />
      <mark className="rounded-[2px] bg-transparent font-semibold text-ink underline decoration-accent decoration-2 underline-offset-2">
        {text.slice(Math.max(0, part.from), part.to)}
      </mark>
      <SqlText sql={text.slice(part.to)} />
    </>
  )
}
