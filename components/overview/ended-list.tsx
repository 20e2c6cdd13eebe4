import Link from 'next/link'
import type { EndedWhy } from '@/db/findings/read-findings'
import { ago } from '../format-time'
import { Card } from '../ui/card'
import type { ChecksAnswer } from './shown-checks'

/** What has ended within the last day, and what ended it. */
export function EndedList({ ended, now }: { ended: ChecksAnswer['ended']; now: string }) {
  return (
    <Card label="Ended findings" className="mt-2">
      <ul>
        {ended.map(({ title, database, life }) => (
          <li key={life.id} className="flex flex-wrap items-baseline gap-x-3 border-t border-grid px-4 py-1.5 text-cell first:border-t-0">
            <span className="min-w-0 flex-1 basis-60 text-ink-2 [overflow-wrap:anywhere]">{title}</span>
            <span className="text-label text-ink-3">
              ended {ago(life.ended?.at, now)}
              {life.ended?.run ? (
                <>
                  {' '}
                  by <Link href={`/runs/${life.ended.run}`}>run #{life.ended.run}</Link>, confirmed by {life.ended.by}
                </>
              ) : (
                wordsOfEnd(life.ended?.why ?? null, database)
              )}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  )
}

function wordsOfEnd(why: EndedWhy, database: string): string {
  if (why === 'database-dropped') return `, as the database ${database} was dropped`
  return why === 'another-cluster' ? ', as the address leads to another cluster now' : ', not found any more'
}
