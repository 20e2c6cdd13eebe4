'use client'
import { BugPanel } from '@/components/ui/bug-panel'

export default function PageError(props: { error: Error & { digest?: string }; retry: () => void }) {
  return (
    <main className="mx-auto max-w-2xl p-6">
      <BugPanel {...props} />
    </main>
  )
}
