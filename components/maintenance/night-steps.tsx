import type { NightPreview, NightStep } from '@/db/runs/policy-types'
import { bytes } from '../format'
import { Badge } from '../ui/badge'
import { Identifier } from '../ui/identifier'
import { Sql } from '../ui/sql'
import { TrustMark } from '../ui/trust-mark'
import { previewWords, stepTime } from './policy-messages'

/** So many that stay are named; the rest is counted. */
const SHOWN = 12

/** What a policy would do on its next night, in order, and what would stop it or be left. */
export function NightSteps({ preview }: { preview: NightPreview }) {
  const runs = preview.steps.filter(({ verdict }) => verdict === 'runs')
  const others = preview.steps.filter(({ verdict }) => verdict !== 'runs')
  const sql = runs.map(({ statements }, at) => `-- ${at + 1} of ${runs.length}\n${statements.map((one) => `${one};`).join('\n')}`)
  return (
    <div className="grid gap-2 text-cell">
      <p className="font-medium">{previewWords(preview)}</p>
      {preview.steps.length > 0 && (
        <ol className="rounded-control border border-line">
          {[...runs, ...others].slice(0, runs.length + SHOWN).map((step) => (
            <Step key={JSON.stringify([step.schemaname, step.relname])} step={step} />
          ))}
        </ol>
      )}
      {others.length > SHOWN && <p className="text-ink-3">and {others.length - SHOWN} more</p>}
      {sql.length > 0 && (
        <details>
          <summary className="cursor-default text-ink-3 hover:text-ink">Exact SQL, as it would be sent now</summary>
          <Sql sql={sql.join('\n\n')} className="mt-1.5 [&_pre]:text-[11.5px]" />
        </details>
      )}
    </div>
  )
}

const VERDICT = {
  runs: { tone: 'ok', word: 'Runs' },
  left: { tone: 'plain', word: 'Stays' },
  stops: { tone: 'bad', word: 'Ends the night' },
} as const

function Step({ step }: { step: NightStep }) {
  const { schemaname, relname, why, gain, trust, verdict, reason, lines } = step
  const { tone, word } = VERDICT[verdict]
  const time = stepTime(step)
  return (
    <li className="border-t border-grid px-3 py-1.5 first:border-t-0">
      <div className="flex flex-wrap items-baseline gap-x-2.5 gap-y-0.5">
        <Badge tone={tone}>{word}</Badge>
        <Identifier name={schemaname === 'public' ? relname : `${schemaname}.${relname}`} className="min-w-0" />
        <span className="text-ink-3">{why}</span>
        <span className="ml-auto whitespace-nowrap">
          {trust && <TrustMark trust={trust} className="mr-1.5 align-[1px]" />}
          {[gain > 0 && bytes(gain), time].filter(Boolean).join(', ')}
        </span>
      </div>
      {reason && <p className="text-ink-2 [overflow-wrap:anywhere]">{reason}</p>}
      {verdict === 'runs' &&
        lines.map(({ name, title }) => (
          <p key={name} className="text-warn">
            Warning, accepted: {title}
          </p>
        ))}
    </li>
  )
}
