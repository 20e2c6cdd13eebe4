import type { ReactNode } from 'react'
import { Brand } from '@/components/shell/brand'
import { consoleDoubt } from '@/db/console/console-id'

/** The pages before the console: one narrow card. */
export default async function AuthLayout({ children }: { children: ReactNode }) {
  return (
    <main className="grid min-h-dvh content-start justify-items-center gap-5 px-4 pt-[max(48px,16dvh)] pb-12">
      <Brand />
      {(await consoleDoubt()) && (
        <p className="max-w-[52ch] text-center text-cell text-ink-2">
          This console may be a copy of another one. It contacts no server until an administrator answers whether it was moved or copied.
        </p>
      )}
      {children}
    </main>
  )
}
