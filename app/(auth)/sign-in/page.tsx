import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { currentUser } from '@/app/session'
import { FormCard } from '@/components/sign-in/form-card'
import { SignInForm } from '@/components/sign-in/sign-in-form'
import { consoleDb } from '@/db/console/client'
import { hasAdministrator } from '@/db/console/set-up'

export const metadata: Metadata = { title: 'Sign in' }

export default async function SignInPage({ searchParams }: { searchParams: Promise<{ next?: string | string[] }> }) {
  if (await currentUser()) redirect('/')
  const { next } = await searchParams
  if (!(await hasAdministrator(consoleDb()))) {
    return (
      <FormCard
        title="No administrator yet"
        about="The console printed a set-up link when it started. Open it to choose your e-mail and password. A restart prints a new one."
      />
    )
  }
  return (
    <FormCard title="Sign in" about="The console sees your servers only for those who are signed in.">
      <SignInForm next={typeof next === 'string' ? next : undefined} />
    </FormCard>
  )
}
