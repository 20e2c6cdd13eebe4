'use client'
import { useState } from 'react'
import { connectProvider, disconnectProvider } from '@/app/account/actions'
import { Badge } from '../ui/badge'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { notify } from '../ui/notify'
import { PasswordAgain } from './password-again'

interface Props {
  /** What the provider is called. */
  name: string
  connected: boolean
  email: string
  /** Whether the account has a second factor, so that a code is asked for as well. */
  withCode: boolean
  /** Why it was not connected, when the browser has just come back. */
  refused?: string
}

/** The second way into an account with a password: connected and taken away by its owner alone. */
export function ProviderCard({ name, connected, email, withCode, refused }: Props) {
  const [asking, setAsking] = useState(false)
  const rest = () => setAsking(false)
  return (
    <Card label={name} className="grid max-w-[760px] gap-3.5 p-4">
      <div>
        <h2 className="flex items-center gap-2 text-body font-semibold">
          <span className="[overflow-wrap:anywhere]">{name}</span>
          <Badge tone={connected ? 'ok' : 'plain'}>{connected ? 'connected' : 'not connected'}</Badge>
        </h2>
        <p className="mt-0.5 text-pretty text-ink-2">
          {connected
            ? `You also sign in with ${name}, with no password or code of this console.`
            : `Connect it to sign in with ${name} as well. Its verified e-mail address must be ${email}.`}
        </p>
      </div>
      {refused && (
        <p role="alert" className="rounded-control border border-bad-line bg-bad-soft px-3 py-2 text-cell text-bad">
          {refused}
        </p>
      )}
      {!asking && (
        <div>
          <Button variant={connected ? 'danger' : 'plain'} onClick={() => setAsking(true)}>
            {connected ? `Disconnect ${name} …` : `Connect to ${name} …`}
          </Button>
        </div>
      )}
      {asking && !connected && (
        <PasswordAgain
          email={email}
          button={`Go on to ${name}`}
          withCode={withCode}
          ask={connectProvider}
          cancel={rest}
          done={({ url }) => window.location.assign(url)}
        />
      )}
      {asking && connected && (
        <PasswordAgain
          email={email}
          button="Disconnect and end other sessions"
          withCode={withCode}
          ask={disconnectProvider}
          cancel={rest}
          done={() => {
            rest()
            notify('success', `${name} disconnected`, 'Every other session has ended.')
          }}
        />
      )}
    </Card>
  )
}
