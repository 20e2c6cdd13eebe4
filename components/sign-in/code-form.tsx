'use client'
import Link from 'next/link'
import { useActionState } from 'react'
import { enterCode } from '@/app/(auth)/actions'
import { Button } from '@/components/ui/button'
import { Field, Input } from '@/components/ui/field'
import { FormProblem } from './form-card'

/** The second step of a sign-in: a code of the device, or one of the backup codes. */
export function CodeForm({ next, backup }: { next: string; backup: boolean }) {
  const [state, act, busy] = useActionState(enterCode, {})
  const other = new URLSearchParams(backup ? { next } : { next, backup: '1' })
  return (
    <form action={act} className="grid gap-3.5">
      <input type="hidden" name="next" value={next} />
      {backup && <input type="hidden" name="backup" value="1" />}
      <Field label={backup ? 'Backup code' : 'Code'}>
        <Input
          name="code"
          mono
          required
          maxLength={20}
          inputMode={backup ? 'text' : 'numeric'}
          autoComplete={backup ? 'off' : 'one-time-code'}
          autoCapitalize="none"
          spellCheck={false}
          aria-invalid={state.message ? true : undefined}
          autoFocus
        />
      </Field>
      <FormProblem message={state.message} />
      <Button type="submit" variant="primary" disabled={busy} className="w-full">
        {busy ? 'Signing in …' : 'Sign in'}
      </Button>
      <p className="text-label text-ink-2">
        <Link href={`/sign-in/code?${other}`} className="underline">
          {backup ? 'Use the code of the app' : 'Use a backup code'}
        </Link>
        {' or '}
        <Link href="/sign-in" className="underline">
          begin again
        </Link>
      </p>
    </form>
  )
}
