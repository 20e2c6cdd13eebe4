import { z } from 'zod'
import { formatFirst } from '../../domain/format'
import { readHolders } from '../../tables/read-holders'
import { formatHolder } from '../../tables/snapshot-holders'
import { defineCommand, line, type PreflightCheck } from '../define-command'
import { databaseInput, loadDatabase, needsVacuum } from '../maintain-database/facts'
import { databaseDone, lookAtDatabase, MINUTES, planDatabase, rightsOnAll } from '../maintain-database/plan'
import { pace } from '../preflight/every-run'
import { standby } from '../preflight/standby'
import { vacuumDatabaseRequest } from './request'

/** Whose snapshot keeps what died, in all tables of the database. */
const held: PreflightCheck = async (target) => {
  const holders = await readHolders(target)
  if (!holders.ok) return holders
  return holders.value.length === 0
    ? line(
        'snapshot',
        'pass',
        'No snapshot holds dead rows',
        'No session, prepared transaction, slot or standby keeps them, as far as this role may see.',
      )
    : line(
        'snapshot',
        'warn',
        holders.value.length === 1 ? 'A snapshot holds dead rows' : `${holders.value.length} snapshots hold dead rows`,
        `${formatFirst(holders.value.map(formatHolder))}. Rows that died since stay, whatever this run does.`,
      )
}

/** VACUUM of one table after another; https://www.postgresql.org/docs/current/sql-vacuum.html */
export const vacuumDatabase = defineCommand({
  name: vacuumDatabaseRequest.command,
  about: 'Removes the dead rows of all tables that have some, the neediest first, within a time limit',
  input: z.strictObject({ ...databaseInput, analyze: z.boolean().default(true) }),
  face: {
    verb: 'Vacuum tables',
    options: [MINUTES, { key: 'analyze', label: 'ANALYZE', about: 'collects planner statistics, too.' }],
    does: { did: 'the tables are vacuumed' },
  },
  measures: 'nothing',
  weight: 'heavy',
  facts: (target, input) => loadDatabase(target, input, needsVacuum),
  plan: ({ analyze }, facts) =>
    planDatabase(
      {
        verb: 'Vacuum',
        statement: `VACUUM (SKIP_LOCKED${analyze ? ', ANALYZE' : ''})`,
        phases: [{ name: 'Vacuum', covers: ['vacuum:', 'analyze:'] }],
        effect: [
          `Removes dead rows, freezes old ones and updates the visibility map${analyze ? ', then collects planner statistics' : ''}. Files get smaller only where pages at the end are empty.`,
        ],
      },
      facts,
    ),
  preflight: [standby, held, pace('vacuum_cost_delay', 'maintenance_work_mem'), rightsOnAll],
  done: databaseDone('last_vacuum'),
  look: lookAtDatabase('last_vacuum', 'vacuumed'),
})
