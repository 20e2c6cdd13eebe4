import type { Check, Finding } from '../../checks/define-check'
import { changeSettingsRequest } from '../../commands/change-settings/request'
import { setTableOptionsRequest } from '../../commands/set-table-options/request'
import { formatCount } from '../../domain/format'
import { serverFacts } from '../../server/facts'
import { qualified } from '../../server/identifiers'
import { ok } from '../../server/problem'
import { runRead } from '../../server/run-read'
import { aboutSettings, alterSystem } from '../../settings/settings-found'
import { autovacuumSettings, tables } from '../reads/tables'
import { FEW_ROWS, type TableFinding, tableFindings } from '../table-health'

/**
 * Off for the server, or for a table for which it would have come by now (manual, 24.1.6): a table that does not change, or that a job vacuums and
 * analyzes itself, is none. Silent on a standby, where autovacuum never runs.
 */
export const autovacuumOff: Check = {
  name: 'autovacuum-off',
  about: 'Autovacuum is off for the server, or for a table that changes enough that it would have come',
  cadence: 'hour',
  look: async (target) => {
    const facts = await serverFacts(target)
    if (!facts.ok) return facts
    if (facts.value.inRecovery) return ok([])
    const [settings, rows] = await Promise.all([runRead(target, autovacuumSettings, {}), runRead(target, tables, {})])
    if (!settings.ok) return settings
    if (!rows.ok) return rows
    const [server] = settings.value
    if (server && !(server.autovacuum && server.track_counts)) return ok([offForServer(server)])
    return ok(
      tableFindings(rows.value)
        .flatMap((table) => {
          const why = wouldCome(table)
          return why === null ? [] : [{ table, why }]
        })
        .sort((a, b) => Number(b.table.live) - Number(a.table.live))
        .map(({ table, why }) => offFor(table, why)),
    )
  },
}

/** What autovacuum would have come for; null where it may come, or has no reason to. */
function wouldCome({ kind, autovacuum, dead, modified, inserted, vacuumAt, insertAt, analyzeAt }: TableFinding): string | null {
  if (autovacuum || kind === 'partitioned table') return null
  const says = (count: string, noun: string, at: number | null): string | null =>
    at !== null && Number(count) > Math.max(at, FEW_ROWS)
      ? `${formatCount(count, noun)}, above its threshold of ${Math.round(at).toLocaleString('en-US')}`
      : null
  const [died, added, changed] = [
    says(dead, 'dead row', vacuumAt),
    says(inserted, 'inserted row', insertAt),
    says(modified, 'changed row', analyzeAt),
  ]
  if (died ?? added) return `VACUUM: ${died ?? added}`
  return changed && `ANALYZE: ${changed}`
}

const offForServer = ({ autovacuum }: { autovacuum: boolean }): Finding => {
  const name = autovacuum ? 'track_counts' : 'autovacuum'
  return {
    ...aboutSettings,
    title: autovacuum ? 'track_counts is off, so autovacuum does nothing' : 'Autovacuum is off for the whole server',
    evidence: `Dead rows stay, statistics for the planner grow old, and only tables near transaction ID wraparound are vacuumed. ${name} holds from a reload on.`,
    severity: 'bad',
    fix: autovacuum ? null : changeSettingsRequest({ set: { autovacuum: 'on' } }),
    sql: alterSystem({ [name]: 'on' }),
  }
}

function offFor({ relid, schemaname, relname, kind }: TableFinding, why: string): Finding {
  const name = qualified(schemaname, relname)
  const alter = kind === 'materialized view' ? 'ALTER MATERIALIZED VIEW' : 'ALTER TABLE'
  return {
    kind: 'relation',
    what: 'table',
    schemaname,
    relname,
    oid: relid,
    title: `Autovacuum is off for ${name}`,
    evidence: `autovacuum_enabled is false for it. Autovacuum would have come for ${why}. A job that runs VACUUM and ANALYZE itself keeps the counts below that.`,
    trust: { kind: 'exact' },
    severity: 'warn',
    fix: setTableOptionsRequest({ oid: relid, reset: ['autovacuum_enabled'] }),
    sql: `${alter} ${name} RESET (autovacuum_enabled);`,
  }
}
