import type { Metadata } from 'next'
import { cookies } from 'next/headers'
import { redirect } from 'next/navigation'
import { ownPath } from '@/app/own-path'
import { currentUser } from '@/app/session'
import { CodeForm } from '@/components/sign-in/code-form'
import { FormCard } from '@/components/sign-in/form-card'

export const metadata: Metadata = { title: 'Second step' }

/** better-auth's sign of a right password, over http and https; whether it still holds is seen when the code comes. */
const CHALLENGES = ['proctor.two_factor', '__Secure-proctor.two_factor']

interface Props {
  searchParams: Promise<{ next?: string | string[]; backup?: string | string[] }>
}

export default async function CodePage({ searchParams }: Props) {
  if (await currentUser()) redirect('/')
  const jar = await cookies()
  if (!CHALLENGES.some((name) => jar.has(name))) redirect('/sign-in')
  const { next, backup } = await searchParams
  return (
    <FormCard
      title={backup ? 'Enter a backup code' : 'Enter the code'}
      about={backup ? 'Each of your backup codes works once.' : 'Your authenticator app shows a six-digit code for Proctor.'}
    >
      <CodeForm next={ownPath(next)} backup={Boolean(backup)} key={String(Boolean(backup))} />
    </FormCard>
  )
}
