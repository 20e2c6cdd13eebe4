/** What tells an entry of pg_stat_statements apart. */
export interface StatementEntry {
  queryid: string
  userid: number
  dbid: number
  toplevel: boolean
}

/** queryid.userid.dbid.toplevel: what an address keeps of an entry of pg_stat_statements. */
export const keyOf = ({ queryid, userid, dbid, toplevel }: StatementEntry): string => `${queryid}.${userid}.${dbid}.${toplevel ? 1 : 0}`

/** What keyOf made; null for anything else. */
export function readKey(key: string): StatementEntry | null {
  const found = /^(-?\d{1,20})\.(\d{1,10})\.(\d{1,10})\.([01])$/.exec(key)
  return found && { queryid: String(found[1]), userid: Number(found[2]), dbid: Number(found[3]), toplevel: found[4] === '1' }
}
