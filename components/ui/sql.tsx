import { classes } from './class-names'
import { CopyButton } from './copy-button'
import { ScrollRegion } from './scroll-region'
import { type SqlTokenKind, sqlTokens } from './sql-tokens'

const LOOK: Record<SqlTokenKind, string | undefined> = {
  keyword: 'text-kw font-medium',
  string: 'text-str',
  number: 'text-num',
  parameter: 'text-par',
  function: 'text-fn',
  comment: 'text-ink-3',
  name: undefined,
  plain: undefined,
}

/** SQL in its colours, inline. */
export function SqlText({ sql }: { sql: string }) {
  let at = 0
  return sqlTokens(sql).map(({ kind, text }) => {
    const key = at
    at += text.length
    const look = LOOK[kind]
    return look ? (
      <span key={key} className={look}>
        {text}
      </span>
    ) : (
      text
    )
  })
}

interface SqlProps {
  /** What is shown. */
  sql: string
  /** What Copy copies, when it is not what is shown (a definition that is shown in several lines). */
  exact?: string
  className?: string
}

/** A block of SQL with a Copy button. */
export function Sql({ sql, exact, className }: SqlProps) {
  return (
    <div className={classes('relative rounded-control bg-sunken', className)}>
      <ScrollRegion label="SQL" className="max-h-80 rounded-control">
        <pre className="py-2.5 pr-24 pl-3 leading-[18px] whitespace-pre-wrap [overflow-wrap:anywhere]">
          <SqlText sql={sql} />
        </pre>
      </ScrollRegion>
      <CopyButton text={exact ?? sql} className="absolute top-1.5 right-1.5" />
    </div>
  )
}
