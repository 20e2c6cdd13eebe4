import type { Metadata } from 'next'
import { NameForm } from '@/components/account/name-form'
import { PasswordForm } from '@/components/account/password-form'
import { SessionList } from '@/components/account/session-list'
import { PageHead } from '@/components/ui/page-head'
import { roleWord } from '@/components/users/role-words'
import { ownSessions } from '@/db/console/own-account'
import { currentSessionId, requireUser } from '../session'
import { Shell } from '../shell'

export const metadata: Metadata = { title: 'Account' }

export default async function AccountPage() {
  const user = await requireUser()
  const [sessions, current] = await Promise.all([ownSessions(user.id), currentSessionId()])
  return (
    <Shell crumbs={[{ label: 'Account' }]} active="account">
      <PageHead eyebrow="Account" title={user.name || user.email}>
        {user.email}, {roleWord(user.role).toLowerCase()}. An administrator changes roles.
      </PageHead>
      <div className="grid gap-4">
        <SessionList sessions={sessions} current={current} now={new Date().toISOString()} />
        <NameForm name={user.name} />
        <PasswordForm email={user.email} />
      </div>
    </Shell>
  )
}
