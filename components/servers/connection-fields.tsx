'use client'
import { Field, Input } from '../ui/field'
import { Segmented } from '../ui/segmented'
import { type ServerFormState, TLS_MODES } from './form-state'

interface ConnectionFieldsProps {
  state: ServerFormState
  change: (part: Partial<ServerFormState>) => void
  hasPassword: boolean
}

const box =
  'rounded-control border border-line-2 bg-surface px-2.5 text-ink focus:border-accent focus:outline-none focus:ring-3 focus:ring-accent-soft'

/** Where the server is and as whom: fields, or a connection string. */
export function ConnectionFields({ state, change, hasPassword }: ConnectionFieldsProps) {
  const typed = (name: keyof ServerFormState) => ({
    value: String(state[name]),
    onChange: (event: { target: { value: string } }) => change({ [name]: event.target.value }),
    autoComplete: 'off',
    spellCheck: false,
    mono: true,
  })
  const mode = TLS_MODES.find((one) => one.mode === state.sslmode)
  const checks = state.sslmode.startsWith('verify')
  return (
    <div className="grid gap-3.5">
      <div>
        <Segmented
          label="How the address is given"
          value={state.way}
          choices={[
            { value: 'fields', label: 'Fields' },
            { value: 'address', label: 'Connection string' },
          ]}
          onChange={(way) => change({ way })}
        />
      </div>
      {state.way === 'address' ? (
        <Field
          label="Connection string"
          hint="postgresql://role:password@host:5432/database?sslmode=verify-full, or host=… user=… dbname=…; sslmode defaults to prefer."
        >
          <Input {...typed('address')} />
        </Field>
      ) : (
        <>
          <div className="grid grid-cols-[1fr_112px] gap-3">
            <Field label="Host">
              <Input {...typed('host')} placeholder="db.example.org" />
            </Field>
            <Field label="Port">
              <Input {...typed('port')} inputMode="numeric" />
            </Field>
          </div>
          <div className="grid items-start gap-3 sm:grid-cols-3">
            <Field label="Database">
              <Input {...typed('database')} />
            </Field>
            <Field label="Role">
              <Input {...typed('user')} />
            </Field>
            <Field label="Password" hint={hasPassword ? 'Leave empty to keep the stored one.' : undefined}>
              <Input {...typed('password')} type="password" autoComplete="new-password" />
            </Field>
          </div>
          <Field label="TLS mode" hint={mode?.about}>
            <select
              value={state.sslmode}
              onChange={(event) => change({ sslmode: TLS_MODES.find((one) => one.mode === event.target.value)?.mode ?? 'verify-full' })}
              className={`${box} h-8 font-mono max-sm:h-10`}
            >
              {TLS_MODES.map((one) => (
                <option key={one.mode}>{one.mode}</option>
              ))}
            </select>
          </Field>
        </>
      )}
      {(checks || state.way === 'address') && (
        <Field
          label="Certificate of the authority (PEM)"
          hint="The authority that signed the server's certificate. Empty: those that this machine trusts (verify-full only)."
        >
          <textarea
            value={state.ca}
            onChange={(event) => change({ ca: event.target.value })}
            rows={5}
            spellCheck={false}
            placeholder="-----BEGIN CERTIFICATE-----"
            className={`${box} py-1.5 font-mono`}
          />
        </Field>
      )}
    </div>
  )
}
