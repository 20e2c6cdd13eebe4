import { z } from 'zod'
import { failed, ok } from '../../server/problem'
import { defineCommand, objectOid } from '../define-command'
import { indexDropped } from '../done'
import { loadIndex } from '../facts/load'
import { predictGone } from '../predict'
import { DROP_CHECKS } from '../preflight/checks'
import { besideWrites, nameOf, spoken } from '../sql'
import { beside, DROP } from '../work'
import { dropLeftoverIndexRequest } from './request'

/** DROP INDEX, for what a concurrent build or drop left invalid and nothing else; https://www.postgresql.org/docs/current/sql-reindex.html#SQL-REINDEX-CONCURRENTLY */
export const dropLeftoverIndex = defineCommand({
  name: dropLeftoverIndexRequest.command,
  about: 'Drops the invalid index that a failed or cancelled CONCURRENTLY form left behind',
  input: z.strictObject({
    /** indexrelid of the leftover. */
    oid: objectOid,
  }),
  face: { verb: 'Drop leftover', verbs: 'Drop # leftovers', takes: 'object' },
  measures: 'relation',
  weight: 'light',
  facts: (target, { oid }) => loadIndex(target, oid),
  plan: (_input, { object, facts, known }) => {
    if (facts.indisvalid !== false) return failed('conflict', `${object.relname} is a valid index, no leftover`)
    if (facts.conname) return failed('conflict', `${object.relname} backs the constraint ${facts.conname}`)
    if (facts.indisreplident) return failed('conflict', `${object.relname} is the replica identity of its table`)
    if (facts.relkind === 'I' || facts.isattached) return failed('conflict', `${object.relname} belongs to a partitioned index`)
    return ok({
      title: `Drop the leftover ${object.relname}`,
      ...beside(DROP, `DROP INDEX CONCURRENTLY ${nameOf(object)}`),
      locks: [besideWrites(spoken(facts.table_schema, facts.table_name))],
      effect: [
        'Drops an index that is marked invalid: no query uses it. Writes to the table no longer maintain it.',
        'Waits for transactions that use the table.',
      ],
      cancel: 'Cancel at any time. The leftover stays and can be dropped later.',
      phrase: object.relname,
      alwaysTyped: true,
      undo: null,
      prediction: predictGone(facts.bytes, known),
    })
  },
  preflight: DROP_CHECKS,
  done: indexDropped,
})
