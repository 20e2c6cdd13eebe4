import type { Role } from '@/db/console/roles'

export const ROLE_CHOICES: { value: Role; label: string }[] = [
  { value: 'viewer', label: 'Viewer' },
  { value: 'operator', label: 'Operator' },
  { value: 'admin', label: 'Administrator' },
]

export const roleWord = (role: Role): string => ROLE_CHOICES.find(({ value }) => value === role)?.label ?? role
