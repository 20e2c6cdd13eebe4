'use client'
import { useActionState } from 'react'
import { join } from '@/app/(auth)/actions'
import { Button } from '@/components/ui/button'
import { Field, Input } from '@/components/ui/field'
import { FormProblem } from './form-card'

/** Name and password of somebody who was invited; the address stands in the invitation. */
export function JoinForm({ token, email }: { token: string; email: string }) {
  const [state, act, busy] = useActionState(join.bind(null, token), {})
  const { fields = {}, values = {} } = state
  return (
    <form action={act} className="grid gap-3.5" noValidate>
      <Field label="E-mail">
        <Input type="email" value={email} readOnly autoComplete="username" className="bg-sunken" />
      </Field>
      <Field label="Name" error={fields.name}>
        <Input
          name="name"
          required
          autoComplete="name"
          defaultValue={values.name}
          aria-invalid={fields.name ? true : undefined}
          autoFocus
        />
      </Field>
      <Field label="Password" error={fields.password} hint="At least 12 characters; a few words are better than a riddle.">
        <Input
          name="password"
          type="password"
          required
          minLength={12}
          maxLength={128}
          autoComplete="new-password"
          aria-invalid={fields.password ? true : undefined}
        />
      </Field>
      <FormProblem message={state.message} />
      <Button type="submit" variant="primary" disabled={busy} className="w-full">
        {busy ? 'Making the account …' : 'Make the account and sign in'}
      </Button>
    </form>
  )
}
