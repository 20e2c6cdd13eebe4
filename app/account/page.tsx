import type { Metadata } from 'next'
import { NameForm } from '@/components/account/name-form'
import { PasswordForm } from '@/components/account/password-form'
import { ProviderCard } from '@/components/account/provider-card'
import { SecondFactor } from '@/components/account/second-factor'
import { SessionList } from '@/components/account/session-list'
import { PageHead } from '@/components/ui/page-head'
import { roleWord } from '@/components/users/role-messages'
import { oidcSettings } from '@/db/console/oidc-settings'
import { ownSessions, ownWays } from '@/db/console/own-account'
import { notConnectedWords } from '../provider-messages'
import { currentSessionId, requireUser } from '../session'
import { Shell } from '../shell'

export const metadata: Metadata = { title: 'Account' }

interface Props {
  searchParams: Promise<{ error?: string | string[] }>
}

export default async function AccountPage({ searchParams }: Props) {
  const user = await requireUser()
  const [sessions, current, ways] = await Promise.all([ownSessions(user.id), currentSessionId(), ownWays(user.id)])
  const { error } = await searchParams
  const provider = oidcSettings(process.env)?.name
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
            {provider && (
              <ProviderCard
                name={provider}
                connected={ways.provider}
                email={user.email}
                withCode={ways.code}
                refused={typeof error === 'string' ? notConnectedWords(error, provider) : undefined}
              />
            )}
          </>
        ) : (
          <p className="text-ink-2">
            You sign in with {provider ?? 'a provider that is no longer set'}; password and second factor are kept there.
          </p>
        )}
      </div>
    </Shell>
  )
}
