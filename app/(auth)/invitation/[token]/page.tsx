import type { Metadata } from 'next'
import { join } from '@/app/(auth)/actions'
import { FormCard } from '@/components/sign-in/form-card'
import { NewAccountForm } from '@/components/sign-in/new-account-form'
import { ProviderLink } from '@/components/sign-in/provider-link'
import { findInvitation } from '@/db/console/invitations'
import { oidcSettings } from '@/db/console/oidc-settings'

export const metadata: Metadata = { title: 'Invitation', referrer: 'no-referrer' }

const MAY = {
  viewer: 'A viewer sees every page and changes nothing.',
  operator: 'An operator sees every page and runs commands, each after a confirmation.',
  admin: 'An administrator also keeps servers and users.',
}

export default async function InvitationPage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params
  const invited = await findInvitation(token)
  const provider = oidcSettings(process.env)?.name
  if (!invited) {
    return (
      <FormCard
        title="This invitation no longer opens"
        about="An invitation works once, for three days. Ask whoever invited you for a new one."
      />
    )
  }
  return (
    <FormCard title="You are invited to Proctor" about={MAY[invited.role]}>
      <NewAccountForm action={join.bind(null, token)} invited={invited.email} make="Make the account and sign in" />
      {provider && <ProviderLink name={provider} />}
    </FormCard>
  )
}
