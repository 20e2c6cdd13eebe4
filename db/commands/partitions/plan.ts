import { qualified } from '../../server/identifiers'
import type { ObjectIdentity } from '../define-command'
import { dropAgain } from '../drop-index/request'
import type { NewIndexFacts } from '../facts/new-index'
import type { Plan } from '../plan'
import { besideWrites, spoken } from '../sql'
import { BUILD_BESIDE, BUILD_IN_PLACE, inSteps } from '../work'
import type { Steps } from './steps'

/** The index of a partitioned table, built partition by partition beside writes. */
export function planSteps(steps: Steps, object: ObjectIdentity, facts: NewIndexFacts): Plan {
  const { statements, tables, parts, leaves, have, foreign, resumes } = steps
  const table = spoken(facts.table_schema, facts.table_name)
  return {
    title: `${resumes ? 'Go on with' : 'Create'} ${object.relname} on ${facts.table_name}`,
    ...inSteps(parts.length > 0 ? BUILD_BESIDE : BUILD_IN_PLACE, statements),
    locks: [
      {
        mode: 'ShareLock',
        relation: table,
        waits: 'INSERT, UPDATE and DELETE wait for the moment in which the index of a partitioned table is made, which builds nothing.',
      },
      besideWrites(`each of its ${leaves} partitions, one after another`),
    ],
    effect: [
      `Builds the index on ${parts.length} of ${leaves} partitions, one after another, while writes continue${have > 0 ? `; ${have} have it already` : ''}.`,
      'Reads each of them twice, and waits for transactions that are older than each step.',
      foreign.length > 0
        ? `${foreign.join(', ')}: a foreign table gets none, so the index of the whole is made last, and takes those of the partitions.`
        : 'Each is attached as soon as it is built, under an AccessExclusiveLock on that index alone; with the last one the index of the whole is valid.',
      'A step that does not get its lock within 2 s is retried until the run gives up.',
    ],
    cancel: `Cancel at any time. What was built by then stays and is used${foreign.length === 0 ? '; the index of the whole is invalid until it is complete' : ''}. The same definition, planned again, goes on from there. The partition that was being built is left with an invalid index, which is dropped if the run gives up waiting, or else when it is planned again.`,
    parts,
    steps: tables,
    dropsCopy: true,
    writesIndexes: 'anew',
    phrase: object.relname,
    alwaysTyped: false,
    undo: `DROP INDEX ${qualified(object.schemaname, object.relname)}`,
    undoWith: dropAgain(object, true),
    prediction: null,
  }
}
