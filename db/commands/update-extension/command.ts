import { z } from 'zod'
import { identifier, literal } from '../../server/identifiers'
import { failed, ok, type Result } from '../../server/problem'
import type { Target } from '../../server/target'
import { type Before, type CommandFacts, type Done, defineCommand } from '../define-command'
import type { Plan } from '../plan'
import { briefly, RUN } from '../work'
import { type ExtensionFacts, loadExtension, versionNow } from './facts'
import { EXTENSION_CHECKS } from './preflight'
import { updateExtensionRequest } from './request'

const name = z
  .string()
  .min(1)
  .refine((text) => Buffer.byteLength(text) <= 63)

/** ALTER EXTENSION … UPDATE; https://www.postgresql.org/docs/current/sql-alterextension.html */
export const updateExtension = defineCommand({
  name: updateExtensionRequest.command,
  about: 'Runs the scripts that bring an extension of this database to another version',
  input: z.strictObject({
    /** extname. */
    extension: name,
    /** Left out: the default version of the server's files. */
    version: name.optional(),
  }),
  face: { verb: 'Update extension', verbs: 'Update # extensions', does: { did: 'the extension has the new version' } },
  measures: 'nothing',
  weight: 'light',
  facts: (target, { extension, version }) => loadExtension(target, extension, version ?? null),
  plan: (_input, facts) => planUpdate(facts),
  preflight: EXTENSION_CHECKS,
  done: async (target: Target, { object }: Before): Promise<Result<Done>> => {
    const version = await versionNow(target, object.relname)
    return version.ok ? ok(version.value === null || version.value === object.definition ? 'no' : 'yes') : version
  },
  look: async (target, { object }) => {
    const version = await versionNow(target, object.relname)
    if (!version.ok) return { checkedAfter: `could not look: ${version.problem.message}` }
    return {
      checkedAfter: version.value === null ? 'the extension is gone' : `version before: ${object.definition}; now: ${version.value}`,
    }
  },
})

function planUpdate({ object, facts }: CommandFacts<ExtensionFacts>): Result<Plan> {
  const { extname, extversion: from, to, path, way_back: back, relations } = facts
  if (from === to) return failed('conflict', `${extname} has version ${to} already`)
  if (path === null) return failed('conflict', `No script of ${extname} leads from ${from} to ${to}`)
  const sql = (version: string) => `ALTER EXTENSION ${identifier(extname)} UPDATE TO ${literal(version)}`
  return ok({
    title: `Update ${extname} from ${from} to ${to}`,
    ...briefly(RUN, sql(to)),
    calls: 'all',
    locks: [
      {
        mode: 'AccessExclusiveLock',
        relation:
          relations === 0
            ? `${extname}: no table or view of it, only what else its scripts replace`
            : `tables and views of ${extname} that its scripts change`,
        waits: 'Statements that use what a script replaces wait until all of them have run.',
      },
    ],
    effect: [
      `Runs the scripts ${path.split('--').join(' → ')} in one transaction: all of it, or nothing.`,
      'The server looks up the names in them in the schema of the extension, whatever this session has set.',
      back === null
        ? `There is no way back: no script of ${extname} leads from ${to} to ${from}. To drop it and create it again would take along what depends on it.`
        : `Back leads ${back.split('--').join(' → ')}.`,
    ],
    cancel: 'Cancel at any time. Nothing is changed then.',
    phrase: object.relname,
    alwaysTyped: true,
    undo: back === null ? null : sql(from),
    ...(back === null ? {} : { undoWith: updateExtensionRequest({ extension: extname, version: from }) }),
    prediction: null,
  })
}
