import Link from 'next/link'
import { bytes, bytesShort } from '../format'
import { day } from '../format-time'
import { tableHref } from '../tables/table-href'
import { tableName } from '../tables/table-messages'
import { CardHeader } from '../ui/card'
import { Cell, HeadCell, Row, TableCard } from '../ui/data-table'
import { Identifier } from '../ui/identifier'
import { ProblemPanel } from '../ui/problem-panel'
import type { StorageAnswer } from './storage-answers'

const DAY_MS = 86_400_000

/** The tables of all databases that grew most, with their indexes and TOAST. */
export function GrowersCard({
  answer: { growers, unseen },
  server,
  database,
  now,
}: {
  answer: StorageAnswer
  server: string
  database: string
  now: number
}) {
  if (!growers.ok) return <ProblemPanel title="Growth not read" problem={growers.problem} />
  return (
    <TableCard label="Top growers">
      <CardHeader title="Top growers" sub="tables of all databases, up to 30 d, with indexes and TOAST" />
      {growers.value.length === 0 ? (
        <p className="px-4 pt-1.5 pb-4 text-cell text-ink-3">No table has grown since sizes are sampled, every hour.</p>
      ) : (
        <table className="mt-1 w-full min-w-[440px] border-collapse">
          <thead>
            <tr>
              <HeadCell>Table</HeadCell>
              <HeadCell numeric>Size</HeadCell>
              <HeadCell numeric>Added</HeadCell>
              <HeadCell numeric>A day</HeadCell>
              <HeadCell>Since</HeadCell>
            </tr>
          </thead>
          <tbody>
            {growers.value.map((table) => {
              const days = (now - table.since) / DAY_MS
              return (
                <Row key={`${table.database} ${table.relid}`}>
                  <Cell>
                    <Link href={tableHref(server, table.database, table.relid)} className="text-ink hover:underline">
                      <Identifier name={tableName(table)} />
                    </Link>
                    {table.database !== database && (
                      <span className="ml-1.5 text-ink-3">
                        <Identifier name={table.database} />
                      </span>
                    )}
                  </Cell>
                  <Cell numeric>{bytes(table.bytes)}</Cell>
                  <Cell numeric className="font-medium">
                    +{bytesShort(table.added)}
                  </Cell>
                  <Cell numeric>{days >= 1 ? bytesShort(table.added / days) : <span title="Needs a day of samples">–</span>}</Cell>
                  <Cell className="text-ink-2">{day(table.since, now)}</Cell>
                </Row>
              )
            })}
          </tbody>
        </table>
      )}
      {unseen.length > 0 && (
        <p className="px-4 pt-1 pb-3 text-label text-ink-3 [overflow-wrap:anywhere]">
          Not looked into, as the role may not connect or they are too many: {unseen.join(', ')}.
        </p>
      )}
    </TableCard>
  )
}
