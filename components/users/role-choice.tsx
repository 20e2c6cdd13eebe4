import type { Role } from '@/db/console/roles'
import { Segmented } from '../ui/segmented'

const CHOICES: { value: Role; label: string }[] = [
  { value: 'viewer', label: 'Viewer' },
  { value: 'operator', label: 'Operator' },
  { value: 'admin', label: 'Administrator' },
]

const ABOUT: Record<Role, string> = {
  viewer: 'Sees every page. Changes nothing.',
  operator: 'Also runs commands, each after a confirmation.',
  admin: 'Also adds servers, invites and changes users.',
}

export const roleWord = (role: Role): string => CHOICES.find(({ value }) => value === role)?.label ?? role

/** One of the three roles, and what it may do. */
export function RoleChoice({ role, onChange }: { role: Role; onChange: (role: Role) => void }) {
  return (
    <div className="grid justify-items-start gap-1">
      <span aria-hidden className="text-label font-medium text-ink-2">
        Role
      </span>
      <Segmented label="Role" value={role} choices={CHOICES} onChange={onChange} />
      <span className="text-label text-ink-3">{ABOUT[role]}</span>
    </div>
  )
}
