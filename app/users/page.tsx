import type { Metadata } from 'next'
import { numberWord } from '@/components/format'
import { PageHead } from '@/components/ui/page-head'
import { InviteForm } from '@/components/users/invite-form'
import { OpenInvitations } from '@/components/users/open-invitations'
import { UserTable } from '@/components/users/user-table'
import { listInvitations } from '@/db/console/invitations'
import { oidcSettings } from '@/db/console/oidc-settings'
import { listUsers } from '@/db/console/users'
import { AdminOnly } from '../servers/admin-only'
import { requireUser } from '../session'
import { Shell } from '../shell'

export const metadata: Metadata = { title: 'Users' }

export default async function UsersPage() {
  await requireUser()
  return (
    <Shell crumbs={[{ label: 'Users' }]} active="users">
      <AdminOnly about="users are invited and changed by an administrator">{() => <Users />}</AdminOnly>
    </Shell>
  )
}

async function Users() {
  const [users, invitations] = await Promise.all([listUsers(), listInvitations()])
  const open = users.filter(({ closedAt }) => closedAt === null)
  const mayRun = open.filter(({ role }) => role !== 'viewer').length
  return (
    <>
      <PageHead
        eyebrow="Users"
        title={open.length === 1 ? 'One person may sign in.' : `${capital(numberWord(open.length))} people may sign in.`}
      >
        {capital(numberWord(mayRun))} may run commands. A viewer sees everything and changes nothing; an operator also runs confirmed
        commands; an administrator also keeps servers and users.
      </PageHead>
      <div className="grid gap-4">
        <UserTable users={users} now={new Date().toISOString()} provider={oidcSettings(process.env)?.name} />
        {invitations.length > 0 && <OpenInvitations invitations={invitations} />}
        <InviteForm />
      </div>
    </>
  )
}

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1)
