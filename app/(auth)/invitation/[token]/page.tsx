import type { Metadata } from 'next'
import { FormCard } from '@/components/sign-in/form-card'
import { JoinForm } from '@/components/sign-in/join-form'
import { findInvitation } from '@/db/console/invitations'

export const metadata: Metadata = { title: 'Invitation', referrer: 'no-referrer' }

const MAY = {
  viewer: 'A viewer sees every page and changes nothing.',
  operator: 'An operator sees every page and runs commands, each after a confirmation.',
  admin: 'An administrator also keeps servers and users.',
}

export default async function InvitationPage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params
  const invited = await findInvitation(token)
  if (!invited) {
    return (
      <FormCard
        title="This invitation no longer opens"
        about="An invitation serves once and for three days. Whoever invited you can make a new one."
      />
    )
  }
  return (
    <FormCard title="You are invited to Proctor" about={MAY[invited.role]}>
      <JoinForm token={token} email={invited.email} />
    </FormCard>
  )
}
