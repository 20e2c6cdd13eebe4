import { z } from 'zod'
import { ok } from '../../server/problem'
import { countMaintained } from '../checked'
import { defineCommand, objectOid } from '../define-command'
import { analyzed } from '../done'
import { loadTable } from '../facts/load'
import { predictSame } from '../predict'
import { ANALYZE_CHECKS } from '../preflight/checks'
import { nameOf, spoken } from '../sql'
import { patiently } from '../work'
import { analyzeTableRequest } from './request'

const PHASES = [
  { name: 'Sample', covers: ['analyze: initializing', 'analyze: acquiring'] },
  { name: 'Compute statistics', covers: ['analyze: computing'] },
  { name: 'Finish', covers: ['analyze: finalizing'] },
]

/** ANALYZE; https://www.postgresql.org/docs/current/sql-analyze.html */
export const analyzeTable = defineCommand({
  name: analyzeTableRequest.command,
  about: 'Collects the statistics that the planner and the bloat estimate use',
  input: z.strictObject({
    /** The table's OID. */
    oid: objectOid,
  }),
  face: { verb: 'Run ANALYZE', does: { did: 'the planner statistics are refreshed', looksOnly: true } },
  measures: 'total',
  weight: 'light',
  facts: (target, { oid }) => loadTable(target, oid, 'total'),
  plan: (_input, { object, facts, known }) =>
    ok({
      title: `Analyze ${object.relname}`,
      ...patiently(PHASES, `ANALYZE (VERBOSE) ${nameOf(object)}`),
      calls: 'all',
      locks: [
        {
          mode: 'ShareUpdateExclusiveLock',
          relation: spoken(object.schemaname, object.relname),
          waits: 'VACUUM and DDL on this table wait. SELECT, INSERT, UPDATE and DELETE go on.',
        },
      ],
      effect: ['Reads a random sample of the table and writes planner statistics. Plans of later queries may change.'],
      cancel: 'Cancel at any time. The former statistics stay.',
      phrase: object.relname,
      alwaysTyped: false,
      undo: null,
      prediction: predictSame(facts.bytes, known),
    }),
  preflight: ANALYZE_CHECKS,
  done: analyzed,
  checked: countMaintained('analyzed', 'last_analyze'),
})
