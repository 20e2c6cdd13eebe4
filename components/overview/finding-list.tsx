import Link from 'next/link'
import type { CommandRequest } from '@/db/domain/command-request'
import { moment, span } from '../format-time'
import { useWhyNot } from '../shell/why-not'
import { Button, ButtonLink } from '../ui/button'
import { Card } from '../ui/card'
import { classes } from '../ui/class-names'
import { CopyButton } from '../ui/copy-button'
import { FindingMenu, FindingState, type Saying } from './finding-state'
import { type FindingRow, fixLabel, listOfFindings, placeOfFinding, type Severity } from './overview-messages'

const SEVERITY: Record<Severity, { word: string; text: string; mark: string }> = {
  bad: { word: 'High', text: 'text-bad', mark: 'rotate-45 scale-90 rounded-[2px] bg-bad-fill' },
  warn: { word: 'Medium', text: 'text-warn', mark: 'rounded-full bg-warn-fill' },
  info: { word: 'Low', text: 'text-ink-3', mark: 'rounded-full border-[1.5px] border-line-2' },
}

interface FindingListProps {
  server: string
  database: string
  rows: FindingRow[]
  now: string
  mayRun: boolean
  /** Whether findings may be acknowledged and snoozed: the console alone is changed by it. */
  maySay: boolean
  onSay: (row: FindingRow, saying: Saying) => void
  onFix: (fixes: CommandRequest[]) => void
}

/** What the checks found, worst first, each with its evidence and the way to fix it. */
export function FindingList({ rows, label = 'Findings', className, ...rest }: FindingListProps & { label?: string; className?: string }) {
  return (
    <Card label={label} className={className}>
      <ul>
        {rows.map((row) => (
          <FindingLine key={row.check} row={row} {...rest} />
        ))}
      </ul>
    </Card>
  )
}

function FindingLine({ row, server, database, now, mayRun, maySay, onSay, onFix }: Omit<FindingListProps, 'rows'> & { row: FindingRow }) {
  const whyNot = useWhyNot()
  const { first, others, total, fixes, severity } = row
  const { word, text, mark } = SEVERITY[severity]
  // Since when it is so, where the server tells; else since it was first seen.
  const began = first.since ?? row.openedAt
  const place = placeOfFinding(row, { server, database })
  const list = listOfFindings(row, { server, database })
  return (
    <li className="grid grid-cols-[10px_minmax(0,1fr)_72px_216px_auto] items-center gap-3.5 border-t border-line px-4 py-[11px] first:border-t-0 max-lg:grid-cols-[10px_minmax(0,1fr)] max-lg:items-start max-lg:gap-x-3 max-lg:gap-y-1 max-sm:px-3.5">
      <i aria-hidden className={classes('size-2.5 max-lg:mt-1', mark)} />
      <div className="min-w-0 max-lg:row-start-2 max-lg:col-start-2">
        <h2 className="text-finding font-semibold tracking-[-.01em] [overflow-wrap:anywhere]">
          {fixes.length > 0 && place ? (
            <Link href={place} className="text-ink hover:underline">
              {first.title}
            </Link>
          ) : (
            first.title
          )}
          {total > 1 && (
            <>
              , and{' '}
              {list ? (
                <Link href={list} className="text-ink hover:underline">
                  {total - 1} more
                </Link>
              ) : (
                `${total - 1} more`
              )}
            </>
          )}
        </h2>
        <p className="text-cell text-ink-2 [overflow-wrap:anywhere]">{first.evidence}</p>
        {!list && others.map((one) => <Another key={one.title} finding={one} />)}
      </div>
      <p className="text-right text-label text-ink-3 max-lg:col-start-2 max-lg:row-start-1 max-lg:text-left">
        <span className={classes('font-medium', text)}>{word}</span>
        {began && (
          <>
            <br className="max-lg:hidden" />
            <span className="lg:hidden">, </span>
            <time dateTime={began} title={moment(began)} className="whitespace-nowrap">
              {span(began, now)}
            </time>
          </>
        )}
      </p>
      <FindingState row={row} now={now} maySay={maySay} onSay={onSay} />
      <div className="flex items-center justify-end gap-1 max-lg:col-start-2 max-lg:mt-2 max-lg:justify-start">
        {fixes.length > 0 ? (
          <Button
            className="min-w-36"
            disabled={!mayRun}
            title={mayRun ? undefined : whyNot}
            aria-label={`${fixLabel(fixes)} ${first.title}`}
            onClick={() => onFix(fixes)}
          >
            {fixLabel(fixes)}
          </Button>
        ) : place === null ? (
          first.sql && <CopyButton size="md" className="min-w-36" label="Copy SQL" text={first.sql} />
        ) : (
          <ButtonLink href={place} className="min-w-36" aria-label={`Show: ${first.title}`}>
            Show
          </ButtonLink>
        )}
        <FindingMenu row={row} maySay={maySay} onSay={onSay} />
      </div>
    </li>
  )
}

/** One more of a check whose findings stand on no page: told here, or nowhere. */
const Another = ({ finding: { title, evidence, sql } }: { finding: FindingRow['first'] }) => (
  <p className="mt-1.5 text-cell text-ink-2 [overflow-wrap:anywhere]">
    <span className="font-medium text-ink">{title}.</span> {evidence} {sql && <CopyButton label="Copy SQL" text={sql} />}
  </p>
)
