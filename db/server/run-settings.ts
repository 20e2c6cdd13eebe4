/** A setting that would end a confirmed run, or make something else of it than was shown. */
interface RunSetting {
  name: string
  /** As pg_settings.setting has it. */
  value: string
  /** What another value would do, as the end of a sentence. */
  would: string
  /** A plan may say another in its own statements. */
  byPlan?: boolean
}

const ENDS = 'would end the run half-way'

/**
 * What the session of a run has, whatever a role, a database or the server's files say (manual, 20.11). Any role may set all of it
 * (context user). It is set even where nothing differs: a value that was set in the session is not changed by a reload.
 *
 * Left as they are: what only superusers may change (session_replication_role), what makes a run slower and nothing else
 * (vacuum_cost_delay, maintenance_work_mem), and row_security, which off would make it fail before it changed anything.
 */
export const RUN_SETTINGS: RunSetting[] = [
  { name: 'statement_timeout', value: '0', would: ENDS },
  { name: 'lock_timeout', value: '0', would: ENDS, byPlan: true },
  { name: 'transaction_timeout', value: '0', would: ENDS }, // from 17 on
  { name: 'idle_session_timeout', value: '0', would: ENDS },
  { name: 'idle_in_transaction_session_timeout', value: '0', would: ENDS },
  // A run goes on at the server when its worker dies, and is found again by the next.
  { name: 'client_connection_check_interval', value: '0', would: 'would end the run with its worker' },
  { name: 'default_transaction_read_only', value: 'off', would: 'would refuse every change' },
  { name: 'default_transaction_isolation', value: 'read committed', would: 'would let it fail when others write at the same time' },
  // A statement without TABLESPACE was shown as one for the database's own (manual, CREATE INDEX).
  { name: 'default_tablespace', value: '', would: 'would put a new index where the statement does not say' },
]

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** Sets all that this major has, for the whole session; names have to be pinned before. */
export const SET_FOR_RUN: string = /* sql */ `
select /* proctor:run-settings */ set_config(s.name, w.value, false)
  from (values ${RUN_SETTINGS.map(({ name, value }) => `(${quoted(name)}, ${quoted(value)})`).join(', ')}) w (name, value)
  join pg_settings s on s.name = w.name`
