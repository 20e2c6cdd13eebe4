import type { Metadata } from 'next'
import { NameForm } from '@/components/account/name-form'
import { PasswordForm } from '@/components/account/password-form'
import { SecondFactor } from '@/components/account/second-factor'
import { SessionList } from '@/components/account/session-list'
import { PageHead } from '@/components/ui/page-head'
import { roleWord } from '@/components/users/role-words'
import { oidcSettings } from '@/db/console/oidc-settings'
import { ownSessions, ownWays } from '@/db/console/own-account'
import { currentSessionId, requireUser } from '../session'
import { Shell } from '../shell'

export const metadata: Metadata = { title: 'Account' }

export default async function AccountPage() {
  const user = await requireUser()
  const [sessions, current, ways] = await Promise.all([ownSessions(user.id), currentSessionId(), ownWays(user.id)])
  const provider = oidcSettings(process.env)?.name ?? 'the provider'
  return (
    <Shell crumbs={[{ label: 'Account' }]} active="account">
      <PageHead eyebrow="Account" title={user.name || user.email}>
        {user.email}, {roleWord(user.role).toLowerCase()}. An administrator changes roles.
      </PageHead>
      <div className="grid gap-4">
        <SessionList sessions={sessions} current={current} now={new Date().toISOString()} />
        <NameForm name={user.name} />
        {ways.password ? (
          <>
            <SecondFactor on={ways.code} email={user.email} />
            <PasswordForm email={user.email} />
          </>
        ) : (
          <p className="text-ink-2">You sign in with {provider}; password and second factor are kept there.</p>
        )}
      </div>
    </Shell>
  )
}
