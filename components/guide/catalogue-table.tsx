'use client'
import type { CatalogueRow } from '@/db/guide/catalogue/read-catalogue'
import type { GuidePlans } from '@/db/guide/catalogue/read-plans'
import { bytesShort, plural } from '../format'
import { HeadCell, TableCard } from '../ui/data-table'
import { CatalogueLine, type LineProps } from './catalogue-line'
import { sizeOf } from './catalogue-messages'

interface CatalogueTableProps extends Omit<LineProps, 'row' | 'isOpen'> {
  rows: CatalogueRow[]
  open: string | null
  plans: GuidePlans | undefined
  footer: React.ReactNode
}

/** The indexes by what they are for. */
export function CatalogueTable({ rows, open, footer, ...line }: CatalogueTableProps) {
  const groups = [...new Set(rows.map(({ group }) => group))].map((group) => ({
    group,
    members: rows.filter((row) => row.group === group),
  }))
  return (
    <TableCard label="Indexes of the guide" footer={footer}>
      <table className="w-full table-fixed border-collapse lg:min-w-[1080px]">
        <colgroup>
          <col className="w-[23%] max-lg:w-[44%]" />
          <col className="w-[15%] max-lg:hidden" />
          <col className="w-[108px]" />
          <col className="max-lg:hidden" />
          <col className="w-[82px] max-sm:hidden" />
          <col className="w-[82px] max-sm:hidden" />
          <col className="w-[104px] max-lg:hidden" />
          <col className="w-[86px]" />
        </colgroup>
        <thead>
          <tr>
            <HeadCell>Index</HeadCell>
            <HeadCell className="max-lg:hidden">Definition, corrected</HeadCell>
            <HeadCell>State</HeadCell>
            <HeadCell className="max-lg:hidden">In print</HeadCell>
            <HeadCell numeric className="max-sm:hidden">
              Size
            </HeadCell>
            <HeadCell numeric className="max-sm:hidden">
              Scans
            </HeadCell>
            <HeadCell className="max-lg:hidden" title="Which of the guide’s five queries read it, by their plans">
              Queries
            </HeadCell>
            <HeadCell>
              <span className="sr-only">Action</span>
            </HeadCell>
          </tr>
        </thead>
        {groups.map(({ group, members }) => (
          <tbody key={group}>
            <tr>
              <th scope="rowgroup" colSpan={8} className="h-[29px] border-b border-line bg-canvas px-4 text-left text-cell font-semibold">
                {group}
                <span className="float-right font-normal text-ink-3">
                  {plural(members.length, 'index', 'indexes')}, {bytesShort(sizeOf(members))}
                </span>
              </th>
            </tr>
            {members.map((row) => (
              <CatalogueLine key={row.name} {...line} row={row} isOpen={row.name === open} />
            ))}
          </tbody>
        ))}
      </table>
    </TableCard>
  )
}
