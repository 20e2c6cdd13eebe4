'use client'
import { Lightbulb, Route } from 'lucide-react'
import type { QueryDetail } from '@/db/history/statement-list'
import type { Problem } from '@/db/server/problem'
import type { StatementHint } from '@/db/statements/statement-hints'
import { useLive } from '../live/use-live'
import { Button } from '../ui/button'
import { CopyButton } from '../ui/copy-button'
import { ProblemPanel } from '../ui/problem-panel'
import { ScrollRegion } from '../ui/scroll-region'
import { SectionTitle } from '../ui/section-title'
import { Sql, SqlText } from '../ui/sql'

interface QueryHintsProps {
  server: string
  /** The statement's own. */
  database: string
  detail: QueryDetail
  noPlan: Problem | null
  onPlans: (hint: StatementHint) => void
}

/** What would be better about a statement: shown only where something was found. */
export function QueryHints({ server, database, detail: { row, cut }, noPlan, onPlans }: QueryHintsProps) {
  const { answer, pending } = useLive(
    'query-hints',
    { server, database, key: row.key, rolname: row.rolname },
    { enabled: !cut && row.datname !== null },
  )
  if (!answer || pending) return null
  if (!answer.ok) return <ProblemPanel title="Hints could not be read" problem={answer.problem} className="mt-4" />
  if (answer.value.length === 0) return null
  return (
    <section aria-label="Hints" className="mt-4">
      <SectionTitle sub="certain by the catalog">Hints</SectionTitle>
      <div className="grid gap-3">
        {answer.value.map((hint) => (
          <Hint key={`${hint.of} ${hint.id}`} hint={hint} noPlan={noPlan} onPlans={() => onPlans(hint)} />
        ))}
      </div>
    </section>
  )
}

function Hint({ hint, noPlan, onPlans }: { hint: StatementHint; noPlan: Problem | null; onPlans: () => void }) {
  const { title, fact, why, action, differs, original, rewritten, sql, of } = hint
  return (
    <article aria-label={title} className="rounded-control border border-line px-3 py-2.5 text-cell">
      <h4 className="flex gap-2 font-semibold">
        <Lightbulb aria-hidden className="mt-0.5 size-[15px] shrink-0 text-warn" />
        <span className="min-w-0 [overflow-wrap:anywhere]">{title}</span>
      </h4>
      <div className="mt-1 grid gap-1 text-ink-2 [overflow-wrap:anywhere]">
        <p>{fact}</p>
        <p>{why}</p>
        <p className="text-ink">{action}</p>
        {of === 'example' && <p className="text-ink-3">Seen in the last example, which has its constants.</p>}
      </div>
      {sql && <Sql sql={sql} className="mt-2" />}
      {rewritten ? (
        <>
          <div className="mt-2 grid gap-2 lg:grid-cols-2">
            <Changed name="Now" sql={original.sql} parts={original.changed} look="bg-bad-soft" />
            <Changed name="Rewritten" sql={rewritten.sql} parts={rewritten.changed} look="bg-ok-soft" />
          </div>
          <div className="mt-2 flex flex-wrap items-start gap-2">
            <ul className="min-w-0 flex-1 basis-60 text-label text-ink-2">
              {(differs.length > 0 ? differs : ['Both return the same, whatever the data.']).map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
            <CopyButton text={rewritten.sql} label="Copy rewritten" />
            <Button size="sm" disabled={noPlan !== null} title={noPlan?.message} onClick={onPlans}>
              <Route aria-hidden />
              Show plans
            </Button>
          </div>
        </>
      ) : (
        !sql && <p className="mt-1 text-label text-ink-3">Proctor writes no other text here: none is certain to mean what is wanted.</p>
      )}
    </article>
  )
}

interface ChangedProps {
  name: string
  sql: string
  parts: { from: number; to: number }[]
  look: string
}

function Changed({ name, sql, parts, look }: ChangedProps) {
  let done = 0
  const pieces = parts.flatMap(({ from, to }) => {
    const piece = [
      <SqlText key={`before ${from}`} sql={sql.slice(done, from)} />,
      <mark key={from} className={`rounded-[2px] text-ink ${look}`}>
        {sql.slice(from, to)}
      </mark>,
    ]
    done = to
    return piece
  })
  return (
    <div className="min-w-0">
      <p className="mb-0.5 text-label text-ink-3">{name}</p>
      <ScrollRegion label={`${name}: SQL`} className="max-h-72 rounded-control bg-sunken">
        <pre className="px-2.5 py-2 text-[12px] leading-[18px] whitespace-pre-wrap [overflow-wrap:anywhere]">
          {pieces}
          <SqlText sql={sql.slice(done)} />
        </pre>
      </ScrollRegion>
    </div>
  )
}
