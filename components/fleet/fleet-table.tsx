import { Fragment } from 'react'
import type { FleetSort } from '@/db/domain/fleet-params'
import { FLEET_PAGE } from '@/db/domain/fleet-params'
import type { FleetAnswer, FleetCluster } from '@/db/fleet/fleet-types'
import { exactCount } from '../format'
import { Button } from '../ui/button'
import { HeadCell, TableCard } from '../ui/data-table'
import { ServerRow } from './server-row'

const COLUMNS: { label: string; numeric?: boolean; sort?: FleetSort; title?: string; hide?: string }[] = [
  { label: 'Server', sort: 'name' },
  { label: 'Worst finding', sort: 'worst' },
  {
    label: 'Active, 24 h',
    numeric: true,
    sort: 'active',
    title: 'Active sessions: hourly mean of 24 h, and the last sample',
    hide: 'max-md:hidden',
  },
  { label: 'Hit', numeric: true, title: 'Blocks found in shared buffers, last 10 min', hide: 'max-lg:hidden' },
  { label: 'Size', numeric: true, sort: 'size', title: 'All databases together', hide: 'max-md:hidden' },
  { label: 'Growth', numeric: true, title: 'Against 30 days ago', hide: 'max-lg:hidden' },
  { label: 'Replay lag', numeric: true, title: 'The worst of its standbys, last 2 min', hide: 'max-lg:hidden' },
  { label: 'Tags', hide: 'max-lg:hidden' },
  { label: 'PG', sort: 'version', hide: 'max-md:hidden' },
  { label: 'Sampled', numeric: true, sort: 'sampled' },
]

const GROUPS = { high: 'Needs attention', medium: 'Medium', none: 'No findings' } as const

interface FleetTableProps {
  readAt: string
  fleet: FleetAnswer
  sort: FleetSort
  dir: 'asc' | 'desc'
  compact: boolean
  onSort: (sort: FleetSort) => void
  onPage: (page: number) => void
}

/** Servers by cluster; under a heading for each severity while the worst stand first. */
export function FleetTable({ fleet, readAt, sort, dir, compact, onSort, onPage }: FleetTableProps) {
  const { clusters, found, page, pages } = fleet
  const groups: [FleetCluster['severity'] | null, FleetCluster[]][] =
    sort === 'worst' && !compact ? [...Map.groupBy(clusters, ({ severity }) => severity)] : [[null, clusters]]
  return (
    <TableCard
      label="Servers"
      footer={
        pages > 1 && (
          <span className="flex items-center gap-3">
            Page {page} of {pages}, {exactCount(found)} servers, about {FLEET_PAGE} a page
            <Button size="sm" disabled={page <= 1} onClick={() => onPage(page - 1)}>
              Previous
            </Button>
            <Button size="sm" disabled={page >= pages} onClick={() => onPage(page + 1)}>
              Next
            </Button>
          </span>
        )
      }
    >
      <table className="w-full border-collapse max-sm:block">
        <thead className="max-sm:hidden">
          <tr>
            {COLUMNS.map(({ label, numeric, sort: by, title, hide }) => (
              <HeadCell
                key={label}
                {...{ numeric, title }}
                className={hide}
                sorted={by === sort ? dir : false}
                onSort={by && (() => onSort(by))}
              >
                {label}
              </HeadCell>
            ))}
          </tr>
        </thead>
        <tbody className="max-sm:block">
          {groups.map(([severity, members]) => (
            <Fragment key={severity ?? 'all'}>
              {severity && (
                <tr className="border-b border-grid max-sm:block">
                  <th
                    scope="rowgroup"
                    colSpan={COLUMNS.length}
                    className="bg-sunken px-4 py-1.5 max-sm:block text-left text-label font-medium"
                  >
                    {GROUPS[severity]} <span className="font-normal text-ink-3">{groupWords(members)}</span>
                  </th>
                </tr>
              )}
              {members.flatMap((cluster) =>
                cluster.members.map((server, at) => (
                  <ServerRow
                    key={server.id}
                    server={server}
                    readAt={readAt}
                    compact={compact}
                    branch={cluster.members.length === 1 || at === 0 ? null : at === cluster.members.length - 1 ? 'last' : 'middle'}
                  />
                )),
              )}
            </Fragment>
          ))}
        </tbody>
      </table>
    </TableCard>
  )
}

function groupWords(clusters: FleetCluster[]): string {
  const servers = clusters.reduce((sum, { members }) => sum + members.length, 0)
  const words = `${exactCount(servers)} ${servers === 1 ? 'server' : 'servers'}`
  return clusters.length < servers ? `${words} in ${exactCount(clusters.length)} ${clusters.length === 1 ? 'cluster' : 'clusters'}` : words
}
