/** Where one table has its page. */
export const tableHref = (server: string, database: string, relid: number): string =>
  `/${encodeURIComponent(server)}/db/${encodeURIComponent(database)}/tables/${relid}`
