'use client'
import { useState } from 'react'
import { endSecondFactor, renewBackupCodes, startSecondFactor } from '@/app/account/actions'
import { Badge } from '../ui/badge'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { notify } from '../ui/notify'
import { BackupCodes } from './backup-codes'
import { ConfirmCode, type SetUp } from './confirm-code'
import { PasswordAgain } from './password-again'

type Step =
  | { is: 'rest' | 'turning-on' | 'turning-off' | 'renewing' }
  | { is: 'confirming'; setUp: SetUp }
  | { is: 'codes'; codes: string[] }

const AT_REST: Step = { is: 'rest' }

/** A code of an authenticator app after the password: turned on, off, and its backup codes made anew. */
export function SecondFactor({ on, email }: { on: boolean; email: string }) {
  const [step, setStep] = useState<Step>(AT_REST)
  const rest = () => setStep(AT_REST)
  return (
    <Card label="Second factor" className="grid max-w-[760px] gap-3.5 p-4">
      <div>
        <h2 className="flex items-center gap-2 text-body font-semibold">
          Second factor <Badge tone={on ? 'ok' : 'plain'}>{on ? 'on' : 'off'}</Badge>
        </h2>
        <p className="mt-0.5 text-pretty text-ink-2">
          {on
            ? 'After your password, the console asks for a code from your authenticator app, or for a backup code.'
            : 'With it, a stolen password alone is not enough: the console also asks for a code from an authenticator app.'}
        </p>
      </div>
      {step.is === 'rest' && (
        <div className="flex flex-wrap gap-2">
          {on ? (
            <>
              <Button onClick={() => setStep({ is: 'renewing' })}>Make new backup codes …</Button>
              <Button variant="danger" onClick={() => setStep({ is: 'turning-off' })}>
                Turn off …
              </Button>
            </>
          ) : (
            <Button onClick={() => setStep({ is: 'turning-on' })}>Turn on …</Button>
          )}
        </div>
      )}
      {step.is === 'turning-on' && (
        <PasswordAgain
          email={email}
          button="Continue"
          ask={(password) => startSecondFactor(password)}
          cancel={rest}
          done={(setUp) => setStep({ is: 'confirming', setUp })}
        />
      )}
      {step.is === 'confirming' && (
        <ConfirmCode setUp={step.setUp} cancel={rest} done={() => setStep({ is: 'codes', codes: step.setUp.backupCodes })} />
      )}
      {step.is === 'codes' && <BackupCodes codes={step.codes} done={rest} />}
      {step.is === 'renewing' && (
        <PasswordAgain
          email={email}
          button="Make new backup codes"
          withCode
          ask={renewBackupCodes}
          cancel={rest}
          done={(codes) => setStep({ is: 'codes', codes })}
        />
      )}
      {step.is === 'turning-off' && (
        <PasswordAgain
          email={email}
          button="Turn off"
          withCode
          ask={endSecondFactor}
          cancel={rest}
          done={() => {
            rest()
            notify('success', 'Second factor turned off')
          }}
        />
      )}
    </Card>
  )
}
