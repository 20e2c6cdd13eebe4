import type { Role } from '@/db/console/roles'
import { Segmented } from '../ui/segmented'
import { ROLE_CHOICES } from './role-messages'

const ABOUT: Record<Role, string> = {
  viewer: 'Sees every page. Changes nothing.',
  operator: 'Also runs commands, each after a confirmation.',
  admin: 'Also adds servers, invites and changes users.',
}

/** One of the three roles, and what it may do. */
export function RoleChoice({ role, onChange }: { role: Role; onChange: (role: Role) => void }) {
  return (
    <div className="grid justify-items-start gap-1">
      <span aria-hidden className="text-label font-medium text-ink-2">
        Role
      </span>
      <Segmented label="Role" value={role} choices={ROLE_CHOICES} onChange={onChange} />
      <span className="text-label text-ink-3">{ABOUT[role]}</span>
    </div>
  )
}
