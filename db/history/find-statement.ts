import { consoleDb } from '../console/client'

/** What is known of one entry of pg_stat_statements, by what tells it apart on the server. */
export interface KnownStatement {
  /** Proctor's number for it; null while no sample has held it. */
  statement: number | null
  rolname: string | null
  datname: string | null
  firstSeen: string | null
  /** Null: the text was never seen. */
  query: string | null
  cut: boolean
}

export async function findStatement(
  serverId: string,
  { queryid, userid, dbid, toplevel }: { queryid: string; userid: number; dbid: number; toplevel: boolean },
): Promise<KnownStatement> {
  const { rows } = await consoleDb().$client.query(
    /* sql */ `
select s.id as statement, s.rolname, s.datname, s.first_seen as "firstSeen", t.query, coalesce(t.cut, false) as cut
  from sampled_server n
  left join statement s on s.server = n.no and s.queryid = $2::int8 and s.userid = $3 and s.dbid = $4 and s.toplevel = $5
  left join statement_text t on t.server = n.no and t.queryid = $2::int8 and t.dbid = $4
 where n.server_id = $1 and n.current`,
    [serverId, queryid, userid, dbid, toplevel],
  )
  const row = rows[0]
  if (!row) return { statement: null, rolname: null, datname: null, firstSeen: null, query: null, cut: false }
  return { ...row, firstSeen: row.firstSeen?.toISOString() ?? null }
}
