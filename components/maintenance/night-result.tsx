import Link from 'next/link'
import type { Night } from '@/db/runs/policy-types'
import { bytes } from '../format'
import { stateOf } from '../run/run-messages'
import { Badge } from '../ui/badge'
import { Identifier } from '../ui/identifier'
import { gaveWords, nightWords } from './policy-messages'
import { Zoned } from './zoned'

const SHOWN = 5

/** A policy's newest night: how it ended, its runs, and what it left. */
export function NightResult({ night, zone }: { night: Night; zone: string }) {
  const { word, tone, said } = nightWords(night)
  return (
    <div className="grid gap-1 text-cell">
      <p className="flex flex-wrap items-baseline gap-x-2 gap-y-0.5">
        <Badge tone={tone}>{word}</Badge>
        <Zoned at={night.opensAt} zone={zone} />
        <span className="text-ink-3">{gaveWords(night)}</span>
      </p>
      <p className="text-ink-2 [overflow-wrap:anywhere]">{said}</p>
      {night.runs.length > 0 && (
        <ol aria-label="Runs of the night">
          {night.runs.map(({ id, relname, state, bytesBefore, bytesAfter }) => (
            <li key={id} className="flex flex-wrap items-baseline gap-x-2">
              <Link href={`/runs/${id}`}>#{id}</Link>
              <Identifier name={relname} />
              <span className="text-ink-3">
                {stateOf(state).word}
                {bytesAfter !== null && `, ${bytes(bytesBefore)} → ${bytes(bytesAfter)}`}
              </span>
            </li>
          ))}
        </ol>
      )}
      {night.left.length > 0 && (
        <details>
          <summary className="cursor-default text-ink-3 hover:text-ink">{night.left.length} left</summary>
          <ul>
            {night.left.slice(0, SHOWN).map(({ schemaname, relname, reason }) => (
              <li key={JSON.stringify([schemaname, relname])} className="[overflow-wrap:anywhere]">
                <Identifier name={relname} /> <span className="text-ink-3">{reason}</span>
              </li>
            ))}
            {night.left.length > SHOWN && <li className="text-ink-3">and {night.left.length - SHOWN} more</li>}
          </ul>
        </details>
      )}
    </div>
  )
}
