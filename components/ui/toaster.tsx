'use client'
import { useTheme } from 'next-themes'
import { Toaster } from 'sonner'

/** Short notices at the bottom: copied, exported. A result is never told only here. */
export function NoticesToaster() {
  const { resolvedTheme } = useTheme()
  return (
    <Toaster
      theme={resolvedTheme === 'dark' ? 'dark' : 'light'}
      position="bottom-center"
      offset={76}
      toastOptions={{
        style: { background: 'var(--surface)', color: 'var(--ink)', border: '1px solid var(--line)', fontFamily: 'inherit' },
      }}
    />
  )
}
