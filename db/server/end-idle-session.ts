import { look } from './look'
import { ok, problemFrom, type Result } from './problem'
import type { Session } from './session'
import type { Target } from './target'

const END = /* sql */ `
select /* proctor:end-idle-session */ pg_terminate_backend(pid) as sent
  from pg_stat_activity
 where pid = $1 and to_char(backend_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') = $2 and application_name = $3
   and state like 'idle%'`

/**
 * Ends exactly this session if it does nothing: whoever had it, and was only asleep, can send nothing on it any more. True when
 * the server was told to; it needs a moment. A session may be ended by its own role (manual, 9.28.2).
 * Errors: unreachable, insufficient_privilege.
 */
export async function endIdleSession(
  target: Target,
  { pid, backendStart }: Pick<Session, 'pid' | 'backendStart'>,
  marker: string,
): Promise<Result<boolean>> {
  try {
    const { rows } = await look(target, (ask) => ask(END, [pid, backendStart, marker]))
    return ok(rows[0]?.sent === true)
  } catch (error) {
    return { ok: false, problem: problemFrom(error) }
  }
}
