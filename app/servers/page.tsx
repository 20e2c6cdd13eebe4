import type { Metadata } from 'next'
import { numberWord } from '@/components/format'
import { ServerTable } from '@/components/servers/server-table'
import { ButtonLink } from '@/components/ui/button'
import { PageHead } from '@/components/ui/page-head'
import { listServers } from '@/db/console/servers'
import { requireUser } from '../session'
import { Shell } from '../shell'
import { AdminOnly } from './admin-only'

export const metadata: Metadata = { title: 'Servers' }

export default async function ServersPage() {
  await requireUser()
  const servers = await listServers()
  const readOnly = servers.filter((server) => server.readOnly).length
  return (
    <Shell crumbs={[{ label: 'Servers' }]} active="servers">
      <AdminOnly>
        {() => (
          <>
            <PageHead
              eyebrow="Servers"
              title={servers.length === 1 ? 'One server is watched.' : `${capital(numberWord(servers.length))} servers are watched.`}
              actions={
                <ButtonLink href="/servers/new" variant="primary">
                  Add server
                </ButtonLink>
              }
            >
              {readOnly === 0
                ? 'None is read-only in Proctor.'
                : `${capital(numberWord(readOnly))} read-only in Proctor: no command reaches ${readOnly === 1 ? 'it' : 'them'}.`}{' '}
              Passwords are stored encrypted and shown nowhere.
            </PageHead>
            <ServerTable servers={servers} />
          </>
        )}
      </AdminOnly>
    </Shell>
  )
}

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1)
