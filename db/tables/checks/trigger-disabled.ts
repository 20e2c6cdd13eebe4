import type { Check, Finding } from '../../checks/define-check'
import { formatFirst } from '../../domain/format'
import type { Row } from '../../server/define-read'
import { identifier, qualified } from '../../server/identifiers'
import { ok } from '../../server/problem'
import { runRead } from '../../server/run-read'
import { disabledTriggers } from '../reads/disabled-triggers'

type Off = Row<typeof disabledTriggers>

/**
 * One finding a table. Those of a foreign key let rows break it; a load that switched them off is over as soon as they are on again.
 * https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-DISABLE-ENABLE-TRIGGER
 */
export const triggerDisabled: Check = {
  name: 'trigger-disabled',
  about: 'Triggers and rules that are disabled for every session, those that enforce foreign keys among them',
  cadence: 'hour',
  look: async (target) => {
    const read = await runRead(target, disabledTriggers, {})
    if (!read.ok) return read
    const found = [...Map.groupBy(read.value, ({ relid }) => relid).values()].flatMap(finding)
    return ok(found.sort((a, b) => Number(b.severity === 'warn') - Number(a.severity === 'warn')))
  },
}

function finding(off: Off[]): Finding[] {
  const [row] = off
  if (!row) return []
  const table = qualified(row.schemaname, row.relname)
  const keys = [...new Set(off.flatMap(({ foreign_key: key }) => key ?? []))]
  const own = off.filter(({ foreign_key: key }) => key === null)
  const evidence = [
    keys.length === 0 ? '' : `Foreign key ${formatFirst(keys)} is not enforced: rows may refer to nothing, and ENABLE does not check them.`,
    own.length === 0
      ? ''
      : `Off: ${formatFirst(own.map(({ what, name }) => `${what} ${identifier(name)}`))}. They run for no session until they are enabled.`,
  ]
  return [
    {
      kind: 'relation',
      what: 'table',
      schemaname: row.schemaname,
      relname: row.relname,
      oid: row.relid,
      title: keys.length > 0 ? `A foreign key of ${table} is not enforced` : `${table} has a ${own[0]?.what} that is off`,
      evidence: evidence.filter((sentence) => sentence !== '').join(' '),
      trust: { kind: 'exact' },
      severity: keys.length > 0 ? 'warn' : 'info',
      fix: null,
      sql: off.map(({ what, name }) => `ALTER TABLE ${table} ENABLE ${what.toUpperCase()} ${identifier(name)};`).join('\n'),
    },
  ]
}
