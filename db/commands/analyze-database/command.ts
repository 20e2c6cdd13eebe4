import { z } from 'zod'
import { defineCommand } from '../define-command'
import { databaseInput, loadDatabase, needsAnalyze } from '../maintain-database/facts'
import { databaseDone, lookAtDatabase, MINUTES, planDatabase, rightsOnAll } from '../maintain-database/plan'
import { pace } from '../preflight/every-run'
import { standby } from '../preflight/standby'
import { analyzeDatabaseRequest } from './request'

/** ANALYZE of one table after another; https://www.postgresql.org/docs/current/sql-analyze.html */
export const analyzeDatabase = defineCommand({
  name: analyzeDatabaseRequest.command,
  about: 'Collects the statistics of all tables whose rows have changed, the neediest first, within a time limit',
  input: z.strictObject(databaseInput),
  face: { verb: 'Analyze tables', options: [MINUTES], does: { did: 'the planner statistics are refreshed', looksOnly: true } },
  measures: 'nothing',
  weight: 'heavy',
  facts: (target, input) => loadDatabase(target, input, needsAnalyze),
  plan: (_input, facts) =>
    planDatabase(
      {
        verb: 'Analyze',
        statement: 'ANALYZE (SKIP_LOCKED)',
        phases: [{ name: 'Analyze', covers: ['analyze:'] }],
        effect: [
          'Reads a random sample of each table and writes planner statistics; of a partitioned table its partitions, too. Plans of later queries may change.',
        ],
      },
      facts,
    ),
  preflight: [standby, pace('vacuum_cost_delay'), rightsOnAll],
  done: databaseDone('last_analyze'),
  look: lookAtDatabase('last_analyze', 'analysed'),
})
