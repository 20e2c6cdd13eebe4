import Link from 'next/link'
import type { ReactNode } from 'react'
import type { TableFinding } from '@/db/tables/table-health'
import { bytes, count, percent, plural } from '../format'
import { ago } from '../format-time'
import { Badge } from '../ui/badge'
import { Cell, HeadCell, Row, TableCard } from '../ui/data-table'
import { Identifier } from '../ui/identifier'
import { tableHref } from './table-href'
import { needWords, tableName, why } from './table-messages'

interface PartitionsTableProps {
  partitions: TableFinding[]
  server: string
  database: string
  readAt: string
  /** The button that attaches another. */
  action: ReactNode
}

/** As many at once: a table of thousands of partitions tells the largest, the list of tables has all. */
const MOST = 200

/** The partitions of a table, the largest first. */
export function PartitionsTable({ partitions, server, database, readAt, action }: PartitionsTableProps) {
  const more = partitions.length - MOST
  return (
    <TableCard
      label="Partitions"
      footer={
        <>
          <span>
            {more > 0
              ? `The largest ${MOST} of ${plural(partitions.length, 'partition', 'partitions')}`
              : plural(partitions.length, 'partition', 'partitions')}
          </span>
          <span className="ml-auto">{action}</span>
        </>
      }
    >
      <table className="w-full min-w-[640px] border-collapse">
        <thead>
          <tr>
            <HeadCell>Partition</HeadCell>
            <HeadCell>Needs</HeadCell>
            <HeadCell numeric>Table</HeadCell>
            <HeadCell numeric>Indexes</HeadCell>
            <HeadCell numeric>Live rows</HeadCell>
            <HeadCell numeric>Dead rows</HeadCell>
            <HeadCell>Last vacuum</HeadCell>
          </tr>
        </thead>
        <tbody>
          {partitions.slice(0, MOST).map((row) => {
            const last = [row.lastVacuum, row.lastAutovacuum]
              .filter((at) => at !== null)
              .sort()
              .at(-1)
            return (
              <Row key={row.relid}>
                <Cell>
                  <Link href={tableHref(server, database, row.relid)} className="text-ink hover:underline">
                    <Identifier name={tableName(row)} />
                  </Link>
                </Cell>
                <Cell title={row.needs.map((need) => why(row, need)).join('; ') || undefined}>
                  {row.needs.length === 0 ? (
                    <span className="text-ink-3">Nothing</span>
                  ) : (
                    <Badge tone={row.needs.some(({ act }) => act) ? 'warn' : 'plain'}>{needWords(row.needs)}</Badge>
                  )}
                </Cell>
                <Cell numeric>{bytes(row.bytes)}</Cell>
                <Cell numeric>{bytes(row.indexBytes)}</Cell>
                <Cell numeric>{count(row.live)}</Cell>
                <Cell numeric>
                  {count(row.dead)} <span className="text-ink-3">{percent(row.deadShare)}</span>
                </Cell>
                <Cell className="text-ink-2">{last ? ago(last, readAt) : <span className="text-ink-3">not seen</span>}</Cell>
              </Row>
            )
          })}
        </tbody>
      </table>
    </TableCard>
  )
}
