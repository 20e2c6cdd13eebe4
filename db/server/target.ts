import type { ConnectionOptions } from 'node:tls'

/** How a monitored database is reached: what node-postgres needs, and whose it is. */
export interface Target {
  /** The server's id in the console database; pools and caches are kept by it. */
  serverId: string
  host: string
  port: number
  user: string
  password?: string
  database: string
  ssl?: boolean | ConnectionOptions
}

/** The same server, another of its databases. */
export const inDatabase = (target: Target, database: string): Target => ({ ...target, database })
