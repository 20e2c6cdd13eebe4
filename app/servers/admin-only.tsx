import type { ReactNode } from 'react'
import { ProblemPanel } from '@/components/ui/problem-panel'
import { requireUser } from '../session'

interface Props {
  /** What is kept from others, and for whom. */
  about?: string
  children: () => ReactNode
}

/** What only administrators see. Its actions ask for the role again. */
export async function AdminOnly({ about = 'servers are added and changed by an administrator', children }: Props) {
  const user = await requireUser()
  if (user.role === 'admin') return children()
  return <ProblemPanel title="For administrators" problem={{ message: `${user.email} is ${user.role}: ${about}.` }} />
}
