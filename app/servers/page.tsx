import type { Metadata } from 'next'
import { ServerTable } from '@/components/servers/server-table'
import { ButtonLink } from '@/components/ui/button'
import { PageHead } from '@/components/ui/page-head'
import { listServers } from '@/db/console/servers'
import { requireUser } from '../session'
import { Shell } from '../shell'
import { AdminOnly } from './admin-only'

export const metadata: Metadata = { title: 'Server settings' }

export default async function ServersPage() {
  await requireUser()
  const servers = await listServers()
  const readOnly = servers.filter((server) => server.readOnly).length
  return (
    <Shell crumbs={[{ label: 'Server settings' }]} active="servers">
      <AdminOnly>
        {() => (
          <>
            <PageHead
              eyebrow="Server settings"
              title={servers.length === 1 ? '1 server is watched.' : `${servers.length} servers are watched.`}
              actions={
                <ButtonLink href="/servers/new" variant="primary">
                  Add server
                </ButtonLink>
              }
            >
              {readOnly === 0
                ? 'No server is read-only in Proctor.'
                : `${readOnly} read-only in Proctor: no command can run on ${readOnly === 1 ? 'it' : 'them'}.`}{' '}
              Passwords are stored encrypted and never shown.
            </PageHead>
            <ServerTable servers={servers} />
          </>
        )}
      </AdminOnly>
    </Shell>
  )
}
