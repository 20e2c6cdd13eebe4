'use client'
import { useActionState } from 'react'
import type { FormState } from '@/app/(auth)/actions'
import { Button } from '@/components/ui/button'
import { Field, Input } from '@/components/ui/field'
import { FormProblem } from './form-card'

interface Props {
  action: (state: FormState, form: FormData) => Promise<FormState>
  /** The address that stands in an invitation; without it one is asked for. */
  invited?: string
  /** What the button says. */
  make: string
}

/** Name, e-mail and password of a new account: the first administrator's, or that of somebody who was invited. */
export function NewAccountForm({ action, invited, make }: Props) {
  const [state, act, busy] = useActionState(action, {})
  const { fields = {}, values = {} } = state
  return (
    <form action={act} className="grid gap-3.5" noValidate>
      {invited && (
        <Field label="E-mail">
          <Input type="email" value={invited} readOnly autoComplete="username" className="bg-sunken" />
        </Field>
      )}
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
      {!invited && (
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
      )}
      <Field label="Password" error={fields.password} hint="At least 12 characters. A few random words work well.">
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
        {busy ? 'Making the account …' : make}
      </Button>
    </form>
  )
}
