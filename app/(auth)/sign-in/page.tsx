import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { ownPath } from '@/app/own-path'
import { refusalWords } from '@/app/provider-messages'
import { currentUser } from '@/app/session'
import { FormCard } from '@/components/sign-in/form-card'
import { ProviderLink } from '@/components/sign-in/provider-link'
import { SignInForm } from '@/components/sign-in/sign-in-form'
import { consoleDb } from '@/db/console/client'
import { oidcSettings } from '@/db/console/oidc-settings'
import { hasAdministrator } from '@/db/console/set-up'

export const metadata: Metadata = { title: 'Sign in' }

interface Props {
  searchParams: Promise<{ next?: string | string[]; error?: string | string[] }>
}

export default async function SignInPage({ searchParams }: Props) {
  if (await currentUser()) redirect('/')
  const { next: wanted, error } = await searchParams
  const next = wanted === undefined ? undefined : ownPath(wanted)
  const provider = oidcSettings(process.env)?.name
  if (!(await hasAdministrator(consoleDb()))) {
    return (
      <FormCard
        title="No administrator yet"
        about="The console printed a set-up link when it started. Open it to choose your e-mail and password. A restart prints a new one."
      />
    )
  }
  return (
    <FormCard title="Sign in" about="Sign in to see your servers.">
      <SignInForm next={next} refused={typeof error === 'string' ? refusalWords(error, provider ?? 'The provider') : undefined} />
      {provider && <ProviderLink name={provider} next={next} />}
    </FormCard>
  )
}
