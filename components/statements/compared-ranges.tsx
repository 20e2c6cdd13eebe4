import Link from 'next/link'
import type { Compared } from '@/db/history/statement-list'
import { Fact, Facts } from '../ui/facts'
import { doubts, markWords, sideWords } from './compare-messages'

/** What is compared with what, in words, and what makes that less sure. */
export function ComparedRanges({ compared }: { compared: Compared }) {
  const { before, after, event } = compared
  const said = doubts(compared)
  return (
    <section aria-label="What is compared" className="mb-2.5 bg-surface">
      <Facts>
        <Fact name="Before">{sideWords(before)}</Fact>
        {event.length > 0 && (
          <Fact name="Event">
            {event.map((mark) => (
              <span key={`${mark.kind} ${mark.label}`} className="block">
                {mark.runId ? (
                  <Link href={`/runs/${mark.runId}`} className="text-accent hover:underline">
                    {markWords(mark)}
                  </Link>
                ) : (
                  markWords(mark)
                )}
              </span>
            ))}
            <span className="text-ink-3">The time between before and after counts for neither.</span>
          </Fact>
        )}
        <Fact name="After">{sideWords(after)}</Fact>
        {said.length > 0 && (
          <Fact name="Note">
            {said.map((line) => (
              <span key={line} className="block">
                {line}
              </span>
            ))}
          </Fact>
        )}
      </Facts>
    </section>
  )
}
