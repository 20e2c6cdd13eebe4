'use client'
import { BugPanel } from '@/components/ui/bug-panel'

export default function PageError(props: { error: Error & { digest?: string }; retry: () => void }) {
  return <BugPanel {...props} />
}
