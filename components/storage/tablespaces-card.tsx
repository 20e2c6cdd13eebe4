import { bytes } from '../format'
import { CardHeader } from '../ui/card'
import { Cell, HeadCell, Row, TableCard } from '../ui/data-table'
import { Identifier } from '../ui/identifier'
import { ProblemPanel } from '../ui/problem-panel'
import type { StorageAnswer } from './storage-answers'

/** Tablespaces with their place and size. */
export function TablespacesCard({ answer: { tablespaces } }: { answer: StorageAnswer }) {
  if (!tablespaces.ok) return <ProblemPanel title="Tablespaces not read" problem={tablespaces.problem} />
  return (
    <TableCard label="Tablespaces">
      <CardHeader title="Tablespaces" />
      <table className="mt-1 w-full border-collapse">
        <thead>
          <tr>
            <HeadCell>Tablespace</HeadCell>
            <HeadCell>Location</HeadCell>
            <HeadCell numeric>Size</HeadCell>
          </tr>
        </thead>
        <tbody>
          {tablespaces.value.map(({ oid, name, location, bytes: size }) => (
            <Row key={oid}>
              <Cell>
                <Identifier name={name} />
              </Cell>
              <Cell className="text-ink-3 [overflow-wrap:anywhere]">{location === '' ? 'data directory' : location}</Cell>
              <Cell numeric>{size === null ? <span title="Needs CREATE on it, or pg_read_all_stats">n/a</span> : bytes(size)}</Cell>
            </Row>
          ))}
        </tbody>
      </table>
    </TableCard>
  )
}
