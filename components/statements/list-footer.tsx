'use client'
import { LIMITS } from '@/db/domain/statement-params'
import type { QueryList } from '@/db/history/statement-list'
import { duration, exactCount, percent, plural } from '../format'
import { moment } from '../format-time'
import { TextButton } from '../ui/button'
import { sessions } from './query-messages'

interface FooterProps {
  list: QueryList
  /** The application that the list is filtered by. */
  app: string | null
  reset: boolean
  onReset: (reset: boolean | null) => void
  onMore: () => void
}

/** What the table covers, how, and what Proctor itself takes. */
export function ListFooter({ list, app, reset, onReset, onMore }: FooterProps) {
  const { rows, count: all, source, from, to, sampled, ownTime } = list
  const shown = rows.reduce((sum, { total, toplevel }) => (toplevel || !list.nestedApart ? sum + total : sum), 0)
  const wanted = from ? (Date.parse(to) - Date.parse(from)) / 1000 : 0
  return (
    <>
      <span>
        {exactCount(rows.length)} of {plural(all, 'statement', 'statements')}
        {list.databaseMs > 0 && (rows.length < all || shown < list.databaseMs) && `, ${percent(shown / list.databaseMs)} of database time`}
      </span>
      {list.nestedApart && <span>Totals exclude nested statements: their time is part of the calling statement</span>}
      {rows.length < all && rows.length < LIMITS.more && <TextButton onClick={onMore}>Show more</TextButton>}
      {source === 'samples' ? (
        sampled !== null && (
          <span>
            {duration(sampled * 1000)} of {duration(wanted * 1000)} sampled
          </span>
        )
      ) : (
        <span>{from ? `Counted since ${moment(from)}` : 'Counted since the last reset'}</span>
      )}
      {app !== null && source === 'samples' && (
        <span>Seen in a session of {app || 'no application'}; the numbers cover all applications</span>
      )}
      {ownTime !== null && (
        <span>
          Proctor itself: {duration(ownTime)}
          {sampled ? `, ${sessions(ownTime / 1000 / sampled)} active` : ''}
        </span>
      )}
      {list.firstSample !== null && (
        <TextButton onClick={() => onReset(reset ? null : true)}>
          {reset ? 'Show samples' : "The server's own counts since its reset"}
        </TextButton>
      )}
    </>
  )
}
