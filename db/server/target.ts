import type { ConnectionOptions } from 'node:tls'

/** How a monitored database is reached: what node-postgres needs, and whose it is. */
export interface Target {
  /** The server's id in the console database; pools and caches are kept by it. */
  serverId: string
  /** The id of the console that asks, which tells its runs' sessions from another's; left out where no console does. */
  consoleId?: string
  host: string
  port: number
  user: string
  password?: string
  database: string
  ssl?: boolean | ConnectionOptions
  /** Which cluster must answer there; left out: whichever does. */
  cluster?: ExpectedCluster
  /** Whoever reads with the same one gets the same answers, however long that takes, until endLook; left out: by time. */
  look?: string
}

/** The cluster that must answer; nothing else is asked of another. */
export interface ExpectedCluster {
  systemIdentifier: string
}

/** The same server, another of its databases. */
export const inDatabase = (target: Target, database: string): Target => ({ ...target, database })
