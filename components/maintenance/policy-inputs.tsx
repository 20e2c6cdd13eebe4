'use client'
import { POLICY_WORDS } from '@/db/domain/policy-words'
import type { MaintenanceWindow } from '@/db/runs/maintenance-windows'
import { Checkbox } from '../ui/checkbox'
import { Field, Input } from '../ui/field'
import { Segmented } from '../ui/segmented'
import { Select } from '../ui/select'
import type { PolicyFields } from './policy-fields'

interface PolicyInputsProps {
  fields: PolicyFields
  windows: MaintenanceWindow[]
  window: MaintenanceWindow | undefined
  /** What a policy does is not changed: that is another one. */
  fixedKind: boolean
  onChange: (part: Partial<PolicyFields>) => void
  onWindow: (id: string) => void
}

const MOST: Record<PolicyFields['kind'], string> = {
  'rebuild-bloated': 'Indexes a night, at most',
  'vacuum-dead': 'Tables a night, at most',
  'refresh-views': 'Views a night, at most',
}
const KINDS = Object.keys(POLICY_WORDS) as PolicyFields['kind'][]

/** The fields of a policy: what it does, to which objects, in which window and limits. */
export function PolicyInputs({ fields, windows, window, fixedKind, onChange, onWindow }: PolicyInputsProps) {
  const kinds = KINDS.filter((kind) => !fixedKind || kind === fields.kind)
  const numeric = (
    label: string,
    key: 'bloatPercent' | 'bloatMb' | 'deadPercent' | 'deadRows' | 'olderMinutes' | 'most' | 'mostGb',
    min: number,
  ) => (
    <Field label={label}>
      <Input
        type="number"
        inputMode="decimal"
        min={min}
        step="any"
        value={fields[key]}
        onChange={(event) => onChange({ [key]: event.target.value })}
      />
    </Field>
  )
  return (
    <div className="grid content-start gap-3.5">
      <div className="grid gap-1">
        <span className="text-label font-medium text-ink-2">What</span>
        <Select
          label="What"
          value={POLICY_WORDS[fields.kind].name}
          choices={kinds.map((kind) => POLICY_WORDS[kind].name)}
          onChange={(name) => onChange({ kind: KINDS.find((kind) => POLICY_WORDS[kind].name === name) ?? fields.kind })}
        />
      </div>
      <div className="grid gap-1">
        <span className="text-label font-medium text-ink-2">Window</span>
        <Select
          label="Window"
          value={window?.name ?? null}
          choices={windows.map(({ name }) => name)}
          onChange={(name) => onWindow(windows.find((one) => one.name === name)?.id ?? '')}
        />
        {window && <span className="text-label text-ink-3">{window.words}</span>}
      </div>
      {fields.kind === 'refresh-views' && numeric('Older than, minutes', 'olderMinutes', 1)}
      {fields.kind === 'rebuild-bloated' && (
        <>
          <div className="grid grid-cols-2 gap-3.5">
            {numeric('Bloat, at least %', 'bloatPercent', 20)}
            {numeric('and at least MB', 'bloatMb', 1)}
          </div>
          <div className="grid justify-items-start gap-1">
            <span className="text-label font-medium text-ink-2">How the bloat is known</span>
            <Segmented
              label="How the bloat is known"
              value={fields.trust}
              choices={[
                { value: 'estimated', label: 'Estimated, low end' },
                { value: 'measured', label: 'Measured only' },
              ]}
              onChange={(trust) => onChange({ trust })}
            />
          </div>
        </>
      )}
      {fields.kind === 'vacuum-dead' && (
        <div className="grid grid-cols-2 gap-3.5">
          {numeric('Dead rows, at least %', 'deadPercent', 1)}
          {numeric('and at least', 'deadRows', 1)}
        </div>
      )}
      <div className="grid grid-cols-2 gap-3.5">
        {numeric(MOST[fields.kind], 'most', 1)}
        {numeric('GB of them, at most', 'mostGb', 0.001)}
      </div>
      <Field label={`Nothing begins after${window ? ` (${window.timeZone})` : ''}`} hint="Empty: when the window closes.">
        <Input
          placeholder="04:00"
          maxLength={5}
          value={fields.until}
          onChange={(event) => onChange({ until: event.target.value.trim() })}
        />
      </Field>
      <label className="flex items-baseline gap-2 text-cell">
        <Checkbox checked={fields.allowWarnings} onCheckedChange={(on) => onChange({ allowWarnings: on })} />
        <span>
          Accept checks that warn
          <span className="block text-label text-ink-3">Off: the night ends at the first warning. A stop always ends it.</span>
        </span>
      </label>
    </div>
  )
}
