import { DatabaseError } from 'pg'
import { z } from 'zod'
import type { Params, Read, Row } from './define-read'
import { forgetFacts, type ServerFacts, serverFacts } from './facts'
import { missingGrants } from './grants'
import { identifier } from './identifiers'
import { type Ask, look } from './look'
import { parseRow } from './parse-rows'
import type { Settings } from './pin'
import { failed, ok, type Problem, problemFrom, type Result } from './problem'
import type { Target } from './target'

const KEEP_MS = 1_000

const answers = new Map<string, { at: number; keep: number; look?: string; rows: Promise<Result<unknown[]>> }>()

/**
 * Runs a read on a server: the newest variant not above its major, read-only, with time-outs. The same
 * read with the same parameters at the same moment is one query, however many ask.
 * Errors: the problem kinds of the server's answer; unsupported_version and missing_extension before asking.
 */
export function runRead<T extends Read>(target: Target, read: T, params: Params<T>): Promise<Result<Row<T>[]>> {
  const key = keyOf(target, read, params)
  const now = performance.now()
  const found = answers.get(key)
  if (found && now - found.at < found.keep) return found.rows as Promise<Result<Row<T>[]>>
  const rows = ask(target, read, params)
  const { look } = target
  const kept = look === undefined ? (read.keep ?? KEEP_MS) : Number.POSITIVE_INFINITY
  const entry = { at: now, keep: Number.POSITIVE_INFINITY, look, rows }
  answers.set(key, entry)
  const settle = (keep: number) => {
    entry.at = performance.now()
    entry.keep = keep
    if (keep === Number.POSITIVE_INFINITY) return
    setTimeout(() => answers.get(key) === entry && answers.delete(key), keep).unref()
  }
  rows.then(
    (result) => settle(result.ok ? kept : 0),
    () => settle(0),
  )
  return rows as Promise<Result<Row<T>[]>>
}

/** After a run has changed a server, what was read before it no longer serves. */
export const forgetReads = (): void => answers.clear()

/** What was read with a target's `look` is over. */
export function endLook(look: string): void {
  for (const [key, entry] of answers) if (entry.look === look) answers.delete(key)
}

/** Drops one kept answer, so that the next who asks gets a new one. */
export const forgetRead = <T extends Read>(target: Target, read: T, params: Params<T>): boolean =>
  answers.delete(keyOf(target, read, params))

const keyOf = (target: Target, read: Read, params: unknown): string =>
  JSON.stringify([target.serverId, target.cluster?.systemIdentifier, target.database, target.user, target.look, read.name, params])

/** A column, relation, function or setting that is not there (appendix A, class 42). */
const IS_NOT_THERE = /^42(703|P01|883|704)$/

async function ask(target: Target, read: Read, params: unknown): Promise<Result<unknown[]>> {
  const given = read.params.safeParse(params)
  if (!given.success) return failed('invalid_input', z.prettifyError(given.error))
  const values = Object.keys(read.params.shape).map((name) => given.data[name])
  const facts = await serverFacts(target)
  if (!facts.ok) return facts
  const answer = await askBy(target, read, values, facts.value)
  // What was known a moment ago would still call it reachable.
  if (!answer.ok && answer.problem.kind === 'unreachable') forgetFacts()
  if (answer.ok || !IS_NOT_THERE.test(answer.problem.sqlstate ?? '')) return answer
  // What was known may be ten seconds old: the address may lead to another major by now.
  forgetFacts()
  const now = await serverFacts(target)
  return now.ok && now.value.versionNum !== facts.value.versionNum ? askBy(target, read, values, now.value) : answer
}

async function askBy(target: Target, read: Read, values: unknown[], facts: ServerFacts): Promise<Result<unknown[]>> {
  const missing = lacking(read, facts)
  if (missing) return { ok: false, problem: missing }
  const { major, extensions, extensionSchemas } = facts
  const extension = read.extension?.name ?? ''
  const schema = extensionSchemas[extension]
  const text = variant(read, major, extensions[extension])
  // Catalog queries look dearer to the planner than they are: compiling them would cost more than it gives.
  // transaction_timeout, from 17 on, would end the connection with what takes longer.
  const settings: Settings = { jit: 'off', ...(major >= 17 && { transaction_timeout: 0 }) }
  const send = (more: Settings = {}) =>
    look(
      target,
      async (ask) => {
        if (schema === undefined) return ask(text, values)
        if (!(await isStillThere(ask, extension, schema))) return null
        return ask(
          text.replaceAll(EXTENSION_SCHEMA, () => identifier(schema)),
          values,
        )
      },
      { timeoutMs: read.timeout, settings: { ...settings, ...more } },
    )
  try {
    const answer = await send().catch((error) => {
      if (!isUnconvertible(error)) throw error
      return send({ client_encoding: 'SQL_ASCII' })
    })
    if (answer) return ok(answer.rows.map((row) => parseRow(read.row, row)))
    forgetFacts()
    return failed('conflict', `The extension ${extension} was just moved or dropped`, { hint: 'Look again.' })
  } catch (error) {
    const problem = problemFrom(error)
    if (problem.kind !== 'insufficient_privilege') return { ok: false, problem }
    const fix = await look(target, (asking) => missingGrants(asking, read, facts)).catch((why: unknown) => {
      problemFrom(why) // what is a bug is thrown on
      return []
    })
    return { ok: false, problem: fix.length > 0 ? { ...problem, fix: fix.join('; ') } : problem }
  }
}

/**
 * A name or a text that is not in the encoding of this database, or has no counterpart in UTF-8: names of roles and databases are kept
 * as they were sent to whichever database made them. Asked again without conversion, such letters come as U+FFFD, and all else stays.
 */
export const isUnconvertible = (error: unknown): boolean =>
  error instanceof DatabaseError && (error.code === '22021' || error.code === '22P05')

/**
 * The newest variant not above the server's major, or not above the version of the extension where that decides, so that
 * one newer than all known gets the newest. Somebody who upgraded the server may not have said ALTER EXTENSION UPDATE.
 */
export function variant(read: Read, major: number, extensionVersion?: string): string {
  if (typeof read.sql === 'string') return read.sql
  if ('byExtension' in read.sql) {
    const known = Object.entries(read.sql.byExtension).sort(([a], [b]) => compareVersions(a, b))
    const fit = known.filter(([since]) => extensionVersion === undefined || compareVersions(since, extensionVersion) <= 0)
    return (fit.at(-1) ?? known[0])?.[1] as string
  }
  const since = Object.keys(read.sql)
    .map(Number)
    .filter((candidate) => candidate <= major)
  return read.sql[Math.max(...since)] as string
}

/** Stands in the SQL of a read for the quoted schema of its extension, as it does in the scripts of extensions (manual, 38.17.3). */
const EXTENSION_SCHEMA = '@extschema@'

/**
 * What is known of an extension may be ten seconds old, and its schema somebody else's by now: whoever owns a schema can drop it
 * with the extension in it, and make another with functions of the same names.
 */
async function isStillThere(ask: Ask, extension: string, schema: string): Promise<boolean> {
  const { rows } = await ask(
    'select /* proctor */ from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = $1 and n.nspname = $2',
    [extension, schema],
  )
  return rows.length > 0
}

function lacking(read: Read, facts: ServerFacts): Problem | undefined {
  if (read.since && facts.major < read.since) {
    return { kind: 'unsupported_version', message: `Needs PostgreSQL ${read.since}; this server is ${facts.version}` }
  }
  const { extension } = read
  if (!extension) return undefined
  const installed = facts.extensions[extension.name]
  if (installed === undefined) {
    const fix = `CREATE EXTENSION ${extension.name}`
    return { kind: 'missing_extension', message: `The extension ${extension.name} is not installed in this database`, fix }
  }
  if (extension.version && compareVersions(installed, extension.version) < 0) {
    const message = `Needs ${extension.name} ${extension.version}; installed is ${installed}`
    return { kind: 'missing_extension', message, fix: `ALTER EXTENSION ${extension.name} UPDATE` }
  }
  return undefined
}

/** Compares dotted version numbers, as extensions have them: 1.9 < 1.10. */
function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => text.split('.').map(Number)) as [number[], number[]]
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
