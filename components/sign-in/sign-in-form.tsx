'use client'
import { useActionState } from 'react'
import { signIn } from '@/app/(auth)/actions'
import { Button } from '@/components/ui/button'
import { Field, Input } from '@/components/ui/field'
import { FormProblem } from './form-card'

interface Props {
  /** The path that the visitor wanted. */
  next?: string
  /** Why the way by the provider, or the second step, led back here. */
  refused?: string
}

/** E-mail and password. */
export function SignInForm({ next, refused }: Props) {
  const [state, act, busy] = useActionState(signIn, {})
  return (
    <form action={act} className="grid gap-3.5">
      {next && <input type="hidden" name="next" value={next} />}
      <Field label="E-mail">
        <Input
          name="email"
          type="email"
          required
          autoComplete="username"
          defaultValue={state.values?.email}
          key={state.values?.email}
          autoFocus
        />
      </Field>
      <Field label="Password">
        <Input name="password" type="password" required autoComplete="current-password" aria-invalid={state.message ? true : undefined} />
      </Field>
      <FormProblem message={state.message ?? refused} />
      <Button type="submit" variant="primary" disabled={busy} className="w-full">
        {busy ? 'Signing in …' : 'Sign in'}
      </Button>
    </form>
  )
}
