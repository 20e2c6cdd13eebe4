import type { ReactNode } from 'react'
import { Brand } from '@/components/shell/brand'

/** The pages before the console: one narrow card. */
export default function AuthLayout({ children }: { children: ReactNode }) {
  return (
    <main className="grid min-h-dvh content-start justify-items-center gap-5 px-4 pt-[max(48px,16dvh)] pb-12">
      <Brand />
      {children}
    </main>
  )
}
