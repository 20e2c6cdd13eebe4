import type { Check } from '../../checks/define-check'
import { formatCount } from '../../domain/format'
import { qualified } from '../../server/identifiers'
import { ofIdentity, rowsOf } from '../identity-found'

/** Silent without a standby, and about an empty table. https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-UNLOGGED */
export const unloggedTable: Check = {
  name: 'unlogged-table',
  about: 'Unlogged tables with rows on a primary with standbys: after a failover they are empty',
  cadence: 'hour',
  look: ofIdentity((rows) =>
    rows
      .filter((row) => row.relkind === 'r' && row.relpersistence === 'u' && !row.in_recovery && row.standbys > 0 && rowsOf(row) > 0)
      .sort((a, b) => rowsOf(b) - rowsOf(a))
      .map((row) => {
        const name = qualified(row.schemaname, row.relname)
        return {
          kind: 'relation',
          what: 'table',
          schemaname: row.schemaname,
          relname: row.relname,
          oid: row.relid,
          title: `${name} is unlogged, and ${formatCount(row.standbys, 'standby')} will not have its rows`,
          evidence: `About ${formatCount(Math.round(rowsOf(row)), 'row')}. Nothing of it is sent to standbys, and a crash empties it. That suits data that can be made anew; SET LOGGED rewrites the table, and nobody reads or writes it meanwhile.`,
          trust: { kind: 'exact' },
          severity: 'info',
          fix: null,
          sql: `ALTER TABLE ${name} SET LOGGED;`,
        }
      }),
  ),
}
