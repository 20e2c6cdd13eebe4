import type { Metadata } from 'next'
import Link from 'next/link'
import { setUp } from '@/app/(auth)/actions'
import { FormCard } from '@/components/sign-in/form-card'
import { NewAccountForm } from '@/components/sign-in/new-account-form'
import { consoleDb } from '@/db/console/client'
import { isSetUpToken } from '@/db/console/set-up'

export const metadata: Metadata = { title: 'Set up', referrer: 'no-referrer' }

export default async function SetUpPage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params
  if (!(await isSetUpToken(consoleDb(), token))) {
    return (
      <FormCard
        title="This link no longer opens"
        about={
          <>
            A set-up link works once, for one day.{' '}
            <Link href="/sign-in" className="underline">
              Sign in
            </Link>
            , or restart Proctor for a new link if there is no administrator yet.
          </>
        }
      />
    )
  }
  return (
    <FormCard title="Set up Proctor" about="Choose the administrator's account. It can run commands on every server of this console.">
      <NewAccountForm action={setUp.bind(null, token)} make="Make the administrator and sign in" />
    </FormCard>
  )
}
