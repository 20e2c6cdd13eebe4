import type { Metadata } from 'next'
import { requireUser } from '@/app/session'
import { Shell } from '@/app/shell'
import { ServerForm } from '@/components/servers/server-form'
import { PageHead } from '@/components/ui/page-head'
import { AdminOnly } from '../admin-only'

export const metadata: Metadata = { title: 'Add server' }

export default async function NewServerPage() {
  await requireUser()
  return (
    <Shell crumbs={[{ label: 'Server settings', href: '/servers' }, { label: 'Add' }]} active="servers">
      <AdminOnly>
        {() => (
          <>
            <PageHead eyebrow="Server settings" title="Add a server">
              PostgreSQL 14 or later. The console connects to it directly, with at most three connections besides runs.
            </PageHead>
            <ServerForm />
          </>
        )}
      </AdminOnly>
    </Shell>
  )
}
