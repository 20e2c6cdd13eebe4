'use client'
import { useActionState } from 'react'
import { setUp } from '@/app/(auth)/actions'
import { Button } from '@/components/ui/button'
import { Field, Input } from '@/components/ui/field'
import { FormProblem } from './form-card'

/** Name, e-mail and password of the first administrator. */
export function SetUpForm({ token }: { token: string }) {
  const [state, act, busy] = useActionState(setUp.bind(null, token), {})
  const { fields = {}, values = {} } = state
  return (
    <form action={act} className="grid gap-3.5" noValidate>
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
      <Field label="E-mail" error={fields.email}>
        <Input
          name="email"
          type="email"
          required
          autoComplete="username"
          defaultValue={values.email}
          aria-invalid={fields.email ? true : undefined}
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
        {busy ? 'Making the account …' : 'Make the administrator and sign in'}
      </Button>
    </form>
  )
}
