/**
 * What a session must not take from the server, a database or a role: how names are found, and how values are written and
 * read. Whoever owns a database may set all of it for everybody who connects (ALTER DATABASE … SET), and on 14 anybody may
 * put functions and operators into schema public that fit better than PostgreSQL's own; their bodies would run as our role.
 *
 * - search_path: PostgreSQL's own schema alone; pg_temp last, as it would be looked through first were it left out (manual,
 *   20.11.1). What extensions bring is called by its schema's name.
 * - role: as who logged in. Under another's the session would only seem to have no more rights than he: his code can take it back.
 * - DateStyle, IntervalStyle, extra_float_digits, bytea_output: what node-postgres reads.
 * - client_encoding, standard_conforming_strings, array_nulls, transform_null_equals: what is sent is read as it was meant.
 * - quote_all_identifiers: definitions are written as they are compared.
 */
const PINNED: Record<string, string> = {
  search_path: 'pg_catalog, pg_temp',
  role: 'none',
  client_encoding: "'UTF8'",
  standard_conforming_strings: 'on',
  DateStyle: "'ISO, MDY'",
  IntervalStyle: "'postgres'",
  extra_float_digits: '1',
  bytea_output: "'hex'",
  array_nulls: 'on',
  transform_null_equals: 'off',
  quote_all_identifiers: 'off',
}

/** Numbers are milliseconds. */
export type Settings = Record<string, string | number>

/** SET LOCAL of some settings; each holds until the transaction ends. Values are SQL and never come from outside. */
const setLocal = (settings: Settings): string =>
  Object.entries(settings)
    .map(([name, value]) => `; set /* proctor */ local ${name} = ${value}`)
    .join('')

/**
 * Opens a read-only transaction in which nothing of the server's users is called by mistake: one message, so that not even
 * behind a transaction pooler a statement comes before the settings, and nothing stays in the pool. SET looks nothing up. The level is
 * said because a database may have another default: a standby refuses serializable, and with deferrable it waits for all who write.
 */
export const beginPinned = (settings: Settings): string =>
  `begin /* proctor */ isolation level read committed, read only, not deferrable${setLocal({ ...PINNED, ...IDLE, ...settings })}`

/** A console that stops in the middle holds no snapshot for longer; a role's own limit may be too short for a slow network. */
const IDLE: Settings = { idle_in_transaction_session_timeout: 10_000 }

/**
 * The same for the whole of a session, one that is Proctor's alone until it closes: for what cannot run in a transaction block.
 * Never through a transaction pooler.
 */
export const PIN_SESSION: string = Object.entries(PINNED)
  .map(([name, value]) => `set /* proctor */ ${name} = ${value}`)
  .join('; ')
