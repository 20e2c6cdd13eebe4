import { z } from 'zod'
import { soleFor } from '../../indexes/foreign-key-service'
import { foreignKeyServices } from '../../indexes/foreign-key-services'
import { scriptOf, undoOf } from '../../indexes/index-undo'
import { indexNodes } from '../../indexes/reads/index-nodes'
import { failed, ok, type Result } from '../../server/problem'
import { runRead } from '../../server/run-read'
import { statementWithoutSecrets } from '../../server/secrets/without-secrets'
import type { Target } from '../../server/target'
import { defineCommand, objectOid } from '../define-command'
import { indexDropped } from '../done'
import { CONCURRENTLY, type CommandOption } from '../face'
import { loadIndex } from '../facts/load'
import { indexByName } from '../facts/state'
import type { Plan } from '../plan'
import { predictGone } from '../predict'
import { DROP_CHECKS } from '../preflight/checks'
import { tableInUse } from '../preflight/other-work'
import { restoreIndexRequest } from '../restore-index/request'
import { besideWrites, nameOf, spoken } from '../sql'
import { beside, briefly, DROP } from '../work'
import { commands, type DropIndexCommandFacts, expression, foreignKey, partner, uniqueness } from './drop-evidence'
import { scans } from './drop-scans'
import { indexDrop } from './facts'
import { dropIndexRequest } from './request'

const identifierText = z.string().min(1).max(63)

/** DROP INDEX has its own plain form, and one stop that a person may take upon himself. */
const OPTIONS: CommandOption[] = [
  { ...CONCURRENTLY, about: 'waits for transactions that use the table; reads and writes continue. Off: blocks them for a moment.' },
  {
    key: 'knowing',
    label: 'Although a foreign key needs it',
    about: 'deletes in the referenced table will cause a Seq Scan of this one.',
    allows: 'foreign-key',
  },
]

/** DROP INDEX; https://www.postgresql.org/docs/current/sql-dropindex.html */
export const dropIndex = defineCommand({
  name: dropIndexRequest.command,
  about: 'Drops an index, and keeps the statements that recreate it',
  input: z.strictObject({
    /** indexrelid; or the name, for the undo of a build, which was planned before there was an OID. */
    oid: objectOid.optional(),
    name: z.strictObject({ schemaname: identifierText, relname: identifierText }).optional(),
    concurrently: z.boolean().default(true),
    /** Also when it is the only index that serves a foreign key. */
    knowing: z.boolean().default(false),
  }),
  face: { verb: 'Drop index', verbs: 'Drop # indexes', takes: 'object', options: OPTIONS },
  measures: 'relation',
  weight: 'light',
  form: ['concurrently'],
  facts: async (target, { oid: given, name, knowing }) => {
    const asked = await oidOf(target, given, name)
    if (!asked.ok) return asked
    const oid = asked.value
    const found = await loadIndex(target, oid)
    if (!found.ok) return found
    const rows = await runRead(target, indexDrop, { oid })
    if (!rows.ok) return rows
    const [drop] = rows.value
    if (!drop) return failed('conflict', `There is no index with OID ${oid} any more: it was dropped meanwhile`)
    const nodes = await runRead(target, indexNodes, { indexrelids: [oid] })
    if (!nodes.ok) return nodes
    const keys = await foreignKeyServices(target, { fresh: true })
    if (!keys.ok) return keys
    const sole_for = soleFor(keys.value.services, oid)
    return ok({ object: found.value.object, facts: { ...found.value.facts, drop: { ...drop, nodes: nodes.value, sole_for }, knowing } })
  },
  plan: ({ concurrently }, facts) => {
    const guard = guardOf(facts)
    if (guard) return failed('conflict', `${facts.object.relname} ${guard}`)
    if (concurrently && facts.facts.relkind === 'I')
      return failed(
        'conflict',
        `${facts.object.relname} is partitioned: PostgreSQL drops it without CONCURRENTLY only. Choose the plain form.`,
      )
    return planDrop(concurrently, facts)
  },
  preflight: [scans, partner, uniqueness, commands, expression, foreignKey, ...DROP_CHECKS, tableInUse],
  done: indexDropped,
})

/** One of the two names the index. Errors: invalid_input for both or none, conflict when no index has the name. */
async function oidOf(
  target: Target,
  oid: number | undefined,
  name: { schemaname: string; relname: string } | undefined,
): Promise<Result<number>> {
  if (oid !== undefined && name === undefined) return ok(oid)
  if (oid !== undefined || name === undefined) return failed('invalid_input', 'Either oid or name says which index')
  const rows = await runRead(target, indexByName, name)
  if (!rows.ok) return rows
  const [index] = rows.value
  return index ? ok(index.oid) : failed('conflict', `There is no index ${name.schemaname}.${name.relname} any more`)
}

/** What the drop would break or the server refuse, whatever anybody chooses. */
function guardOf({ facts }: DropIndexCommandFacts): string | null {
  const { drop } = facts
  if (facts.catalog || facts.table_schema === 'pg_toast') return "is a part of the server's own catalog"
  if (facts.temporary) return 'belongs to a temporary table of another session'
  if (drop.conname) return `backs the constraint ${drop.conname}: ALTER TABLE … DROP CONSTRAINT removes both`
  if (facts.isattached) return 'is attached to the index of a partitioned table: only that can be dropped'
  if (facts.indisreplident) return 'is the replica identity of its table: logical replication identifies rows by it'
  if (drop.referenced_by.length > 0) return `is what the foreign key ${drop.referenced_by.join(', ')} refers to`
  return null
}

function planDrop(concurrently: boolean, { object, facts, known }: DropIndexCommandFacts): Result<Plan> {
  const undo = undoOf(facts.drop.nodes)
  if (undo === null)
    return failed('lock_not_available', `Its definition cannot be read now, so it could not be recreated: ${facts.drop.nodes[0]?.skipped}`)
  const ddl = scriptOf(undo)
  if (statementWithoutSecrets(ddl) !== ddl) {
    const message =
      'Its definition or comment holds what looks like a password. None is kept, so it could not be recreated: drop it in psql'
    return failed('conflict', message)
  }
  const table = spoken(facts.table_schema, facts.table_name)
  const parts = facts.relkind === 'I' ? ` with those of ${facts.partitions} partitions` : ''
  return ok({
    title: `Drop ${object.relname}`,
    ...(concurrently ? beside(DROP, `DROP INDEX CONCURRENTLY ${nameOf(object)}`) : briefly(DROP, `DROP INDEX ${nameOf(object)}`)),
    locks: [
      concurrently
        ? besideWrites(table)
        : {
            mode: 'AccessExclusiveLock',
            relation: table,
            waits: `All reads and writes of ${facts.relkind === 'I' ? 'this table and its partitions' : 'this table'} wait for the moment that it takes.`,
          },
    ],
    effect: [
      `Drops the index${parts}. Queries that used it read the table or another index; writes no longer maintain it.`,
      concurrently
        ? 'Waits for transactions that use the table.'
        : 'Each attempt waits at most 2 s for the lock, so that no session queues behind it for longer.',
      'The statements that recreate it are kept with the run. Rebuilding it takes as long as the first build did.',
    ],
    cancel: concurrently
      ? 'Cancel at any time. A drop that had begun leaves the index invalid: drop it again, or rebuild it.'
      : 'Cancel at any time. The index stays as it was.',
    phrase: object.relname,
    alwaysTyped: true,
    ...(concurrently ? { halfway: object.relname } : {}),
    undo: ddl,
    undoWith: restoreIndexRequest({ ddl }),
    prediction: predictGone(facts.bytes, known),
  })
}
