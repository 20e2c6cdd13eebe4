import Link from 'next/link'
import type { Server } from '@/db/console/servers'
import { Badge } from '../ui/badge'
import { Cell, HeadCell, Row, TableCard } from '../ui/data-table'
import { EmptyState } from '../ui/problem-panel'

const SOURCE = { embedded: 'embedded sample', environment: 'DATABASE_URL', stored: 'added here' }

/** Every monitored server: where it is, and whether commands reach it. */
export function ServerTable({ servers }: { servers: Server[] }) {
  if (servers.length === 0) {
    return (
      <TableCard label="Servers">
        <EmptyState title="No server yet.">Add one, or start the console with DATABASE_URL.</EmptyState>
      </TableCard>
    )
  }
  return (
    <TableCard label="Servers">
      <table className="w-full min-w-[720px] border-collapse">
        <thead>
          <tr>
            <HeadCell>Name</HeadCell>
            <HeadCell>Address</HeadCell>
            <HeadCell>Role</HeadCell>
            <HeadCell>TLS mode</HeadCell>
            <HeadCell>Source</HeadCell>
            <HeadCell>Commands</HeadCell>
          </tr>
        </thead>
        <tbody>
          {servers.map((server) => (
            <Row key={server.id}>
              <Cell className="font-medium">
                <Link href={`/servers/${encodeURIComponent(server.id)}`}>{server.name}</Link>
              </Cell>
              <Cell className="font-mono [overflow-wrap:anywhere]">
                {server.host === null ? server.database : `${server.host}:${server.port}/${server.database}`}
              </Cell>
              <Cell className="font-mono">{server.username ?? <Unset />}</Cell>
              <Cell className="font-mono">{server.sslmode ?? <Unset />}</Cell>
              <Cell className="text-ink-2">{SOURCE[server.source]}</Cell>
              <Cell>
                {server.readOnly ? <Badge tone="warn">read-only in Proctor</Badge> : <span className="text-ink-3">as roles allow</span>}
              </Cell>
            </Row>
          ))}
        </tbody>
      </table>
    </TableCard>
  )
}

const Unset = () => <span className="font-sans text-ink-3">not stored</span>
