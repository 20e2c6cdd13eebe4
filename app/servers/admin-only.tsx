import type { ReactNode } from 'react'
import { ProblemPanel } from '@/components/ui/problem-panel'
import { requireUser } from '../session'

/** What only administrators see. Its actions ask for the role again. */
export async function AdminOnly({ children }: { children: () => ReactNode }) {
  const user = await requireUser()
  if (user.role === 'admin') return children()
  return (
    <ProblemPanel
      title="For administrators"
      problem={{ message: `${user.email} is ${user.role}: servers are added and changed by an administrator.` }}
    />
  )
}
