import { Cell, HeadCell, Row } from '../ui/data-table'

interface ChartTableProps {
  head: string[]
  rows: { key: number; cells: string[] }[]
  /** How the first column stands, which names what the others count. */
  nameClass?: string
}

/** The numbers of a chart as rows, for whoever reads them better than a drawing. */
export function ChartTable({ head, rows, nameClass }: ChartTableProps) {
  return (
    <table className="w-full border-collapse">
      <thead className="sticky top-0">
        <tr>
          {head.map((label, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two series may have one name, and columns keep their places
            <HeadCell key={at} numeric={at > 0} className={at > 0 ? 'max-w-48 truncate' : undefined}>
              {label}
            </HeadCell>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, cells }) => (
          <Row key={key}>
            {cells.map((text, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: as above
              <Cell key={at} numeric={at > 0} className={at === 0 ? nameClass : undefined}>
                {text}
              </Cell>
            ))}
          </Row>
        ))}
      </tbody>
    </table>
  )
}
