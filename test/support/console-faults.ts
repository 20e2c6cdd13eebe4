import type { Client } from 'pg'

/** Which writes of the console database fail, how, and how often. */
export interface ConsoleFaultPlan {
  /** The table whose rows are written. A run's life is in `run` (state, progress, owner), `run_log` and `audit`. */
  table: 'run' | 'run_log' | 'audit' | 'index_measurement' | 'worker'
  /** Left out: both. */
  on?: 'insert' | 'update'
  /** SQL over the new row, e.g. `new.state = 'succeeded'` or `new.action = 'run.failed'`; left out: every row. */
  when?: string
  /** The first write that fails, from 1 on (the default), counted over all sessions; those that were rolled back count too. */
  nth?: number
  /** How many in a row fail from then on; 1 by default. */
  times?: number
  /** What the server says: 57014, 40P01, 53100, 25006, P0001 … */
  sqlstate: string
  /**
   * When the error comes: at the write (the default), or at the COMMIT of its transaction. With `end: true` the session is
   * terminated there, as by pg_terminate_backend, instead of raising anything.
   */
  at?: 'write' | 'commit'
  end?: boolean
}

/** What the trigger says, beside a text that must never be seen outside of the log. */
export const FAULT_WORDS = 'injected fault with a SECRET-LOOKING text'

let made = 0

/**
 * Lets chosen writes of a console database fail, by a trigger: the worker and the web process see a real error of a real
 * server, on whichever connection. `client` is a session of the owner of its tables. Several plans may stand at once.
 * Returns how many writes failed until now, and the way back. For tests and benches:
 *
 *     const fault = await failWrites(client, { table: 'run', when: `new.state = 'succeeded'`, sqlstate: '57014', times: 3 })
 *     …
 *     expect(await fault.failed()).toBe(3)
 *     await fault.lift()
 */
export async function failWrites(
  client: Client,
  { table, on, when = 'true', nth = 1, times = 1, sqlstate, at = 'write', end = false }: ConsoleFaultPlan,
): Promise<{ failed: () => Promise<number>; lift: () => Promise<void> }> {
  const name = `console_fault_${++made}`
  const act = end
    ? `perform pg_terminate_backend(pg_backend_pid()); perform pg_sleep(5);`
    : `raise exception '${FAULT_WORDS}' using errcode = '${sqlstate}';`
  // A sequence is not rolled back: it goes on counting over transactions that failed.
  await client.query(`
    create sequence ${name};
    create function ${name}() returns trigger language plpgsql as $$
      declare place bigint;
      begin
        if ${when} then
          place := nextval('${name}');
          if place between ${nth} and ${nth + times - 1} then ${act} end if;
        end if;
        return new;
      end $$`)
  const event = on ?? 'insert or update'
  await client.query(
    at === 'commit'
      ? `create constraint trigger ${name} after ${event} on "${table}" deferrable initially deferred for each row execute function ${name}()`
      : `create trigger ${name} before ${event} on "${table}" for each row execute function ${name}()`,
  )
  return {
    failed: async () => {
      const { rows } = await client.query(`select case when is_called then last_value else 0 end::int as seen from ${name}`)
      return Math.max(0, Math.min(rows[0].seen - nth + 1, times))
    },
    lift: async () => {
      await client.query(`drop trigger ${name} on "${table}"; drop function ${name}(); drop sequence ${name}`)
    },
  }
}
