import Link from 'next/link'
import { EmptyState } from '@/components/ui/problem-panel'

export default function NotFound() {
  return (
    <main className="p-6">
      <EmptyState title="There is no such page">
        <Link href="/">Fleet</Link>
      </EmptyState>
    </main>
  )
}
