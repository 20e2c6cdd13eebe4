import type { z } from 'zod'
import type { Command, ObjectIdentity, PreflightLine } from '../../db/commands/define-command'
import type { Known } from '../../db/commands/known'
import type { Plan } from '../../db/commands/plan'
import { COMMANDS, type ListedCommand, listed } from '../../db/commands/registry'
import { serverFacts } from '../../db/server/facts'
import { ok, type Result } from '../../db/server/problem'
import { forgetReads } from '../../db/server/run-read'
import { openSession } from '../../db/server/session'
import type { Target } from '../../db/server/target'
import type { TestDatabase } from './test-database'

interface PlannedForTest {
  object: ObjectIdentity
  plan: Plan
  preflight: PreflightLine[]
  /** One line of the preflight by its name. */
  line: (name: string) => PreflightLine | undefined
}

/** Nothing is known but what the server says. */
export const KNOWN: Known = { rebuilt: {}, past: null, freeBytes: async () => null }

/** Plans and checks a command as the console would, on a server as it is now. */
export async function planForTest(
  target: Target,
  command: ListedCommand,
  input: unknown,
  known: Partial<Known> = {},
): Promise<Result<PlannedForTest>> {
  forgetReads()
  const server = await serverFacts(target)
  if (!server.ok) return server
  const prepared = await command.prepare(target, server.value, input)
  if (!prepared.ok) return prepared
  const all = { ...KNOWN, ...known }
  const plan = prepared.value.plan(all)
  if (!plan.ok) return plan
  const preflight = await prepared.value.preflight(all, plan.value)
  if (!preflight.ok) return preflight
  const line = (name: string) => preflight.value.find((one) => one.name === name)
  return ok({ object: prepared.value.object, plan: plan.value, preflight: preflight.value, line })
}

/** The plan of the command of that name. Errors: throws where there is none. */
export async function prepare(target: Target, name: string, input: unknown, known: Partial<Known> = {}): Promise<PlannedForTest> {
  const command = COMMANDS.get(name)
  if (!command) throw new Error(`no command ${name}`)
  const planned = await planForTest(target, command, input, known)
  if (!planned.ok) throw new Error(planned.problem.message)
  return planned.value
}

/** Sends a plan's statements one by one on a session of their own, as a run does. Throws what the server says. */
export async function sendForTest(db: TestDatabase, statements: string[]): Promise<Record<string, unknown>[][]> {
  const session = await openSession(db.target, 'proctor run of a test', () => undefined)
  if (!session.ok) throw new Error(session.problem.message)
  const answers: Record<string, unknown>[][] = []
  for (const statement of statements) {
    const answer = await session.value.execute(statement)
    if (!answer.ok) {
      await session.value.close()
      throw new Error(answer.problem.message)
    }
    answers.push(answer.value)
  }
  await session.value.close()
  return answers
}

/** What a test of one command says most often. */
export function commandTest<I extends z.ZodObject, F>(db: () => TestDatabase, definition: Command<I, F>) {
  const command = listed(definition)
  const plan = (input: unknown, target = db().target, known: Partial<Known> = {}) => planForTest(target, command, input, known)
  return {
    command,
    plan,
    /** The plan, where one is expected. */
    planned: async (...given: Parameters<typeof plan>) => {
      const result = await plan(...given)
      if (!result.ok) throw new Error(`${result.problem.kind}: ${result.problem.message}`)
      return result.value
    },
    /** Why there is none. */
    refused: async (...given: Parameters<typeof plan>) => {
      const result = await plan(...given)
      return result.ok ? { kind: 'none', message: result.value.plan.statements.join('; ') } : result.problem
    },
    send: (statements: string[]) => sendForTest(db(), statements),
    query: async <T>(sql: string, values: unknown[] = []): Promise<T> =>
      Object.values((await db().client.query(sql, values)).rows[0] ?? {})[0] as T,
    oidOf: async (name: string): Promise<number> => (await db().client.query('select $1::regclass::oid as oid', [name])).rows[0].oid,
  }
}
