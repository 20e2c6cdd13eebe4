import { GeistMono } from 'geist/font/mono'
import { GeistSans } from 'geist/font/sans'
import type { Metadata } from 'next'
import { ThemeProvider } from 'next-themes'
import { NuqsAdapter } from 'nuqs/adapters/next/app'
import type { ReactNode } from 'react'
import { Notices } from '@/components/ui/notices'
import './globals.css'

/** Every page shows a server as it is now, to whoever is signed in: none is made at build time. */
export const dynamic = 'force-dynamic'

export const metadata: Metadata = { title: { default: 'Proctor', template: '%s · Proctor' } }

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en" className={`${GeistSans.variable} ${GeistMono.variable}`} suppressHydrationWarning>
      <body>
        <ThemeProvider attribute="data-theme" defaultTheme="system" disableTransitionOnChange>
          <NuqsAdapter>{children}</NuqsAdapter>
          <Notices />
        </ThemeProvider>
      </body>
    </html>
  )
}
