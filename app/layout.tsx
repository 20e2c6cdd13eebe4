import { CSPProvider } from '@base-ui/react/csp-provider'
import { GeistMono } from 'geist/font/mono'
import { GeistSans } from 'geist/font/sans'
import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { ThemeProvider } from 'next-themes'
import { NuqsAdapter } from 'nuqs/adapters/next/app'
import type { ReactNode } from 'react'
import { Notices } from '@/components/ui/notices'
import './globals.css'

/** Every page shows a server as it is now, to whoever is signed in: none is made at build time. */
export const dynamic = 'force-dynamic'

export const metadata: Metadata = { title: { default: 'Proctor', template: '%s · Proctor' } }

export default async function RootLayout({ children }: { children: ReactNode }) {
  const nonce = (await headers()).get('x-nonce') ?? undefined // of proxy.ts: without it the policy stops the theme's script
  return (
    <html lang="en" className={`${GeistSans.variable} ${GeistMono.variable}`} suppressHydrationWarning>
      <body>
        <CSPProvider nonce={nonce}>
          <ThemeProvider attribute="data-theme" defaultTheme="system" disableTransitionOnChange nonce={nonce}>
            <NuqsAdapter>{children}</NuqsAdapter>
            <Notices />
          </ThemeProvider>
        </CSPProvider>
      </body>
    </html>
  )
}
