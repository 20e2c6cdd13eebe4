import type { ExtensionList } from '@/db/extensions/list-extensions'
import { plural } from '../format'
import { Cell, HeadCell, Row, TableCard } from '../ui/data-table'
import { Identifier } from '../ui/identifier'

/** What CREATE EXTENSION would find, folded away: nobody has to act on it. */
export function AvailableTable({ available }: Pick<ExtensionList, 'available'>) {
  if (available.length === 0) return null
  return (
    <details className="mt-4">
      <summary className="mb-2 cursor-default text-cell font-medium text-ink-2">
        {plural(available.length, 'extension', 'extensions')} on the server&rsquo;s disk, not in this database
      </summary>
      <TableCard label="Available extensions">
        <table className="w-full min-w-[560px] border-collapse">
          <thead>
            <tr>
              <HeadCell>Extension</HeadCell>
              <HeadCell>Default version</HeadCell>
              <HeadCell>About</HeadCell>
            </tr>
          </thead>
          <tbody>
            {available.map(({ extname, default_version: version, comment }) => (
              <Row key={extname}>
                <Cell>
                  <Identifier name={extname} />
                </Cell>
                <Cell className="tabular-nums">{version}</Cell>
                <Cell className="text-ink-3">{comment}</Cell>
              </Row>
            ))}
          </tbody>
        </table>
      </TableCard>
    </details>
  )
}
