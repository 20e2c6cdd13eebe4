import { z } from 'zod'
import type { ServerFacts } from '../server/facts'
import { failed, ok, type Result } from '../server/problem'
import type { Target } from '../server/target'
import { analyzeTable } from './analyze-table'
import { changeSettings } from './change-settings'
import { createIndex } from './create-index'
import type {
  Before,
  Command,
  Done,
  Found,
  IndexFile,
  Known,
  Measured,
  ObjectIdentity,
  PendingSetting,
  Plan,
  PreflightLine,
  Weight,
} from './define-command'
import { dropIndex } from './drop-index'
import { dropLeftoverIndex } from './drop-leftover-index'
import { installHealthFunctions } from './install-health-functions'
import { EVERY_RUN } from './preflight/every-run'
import { refreshMaterializedView } from './refresh-materialized-view'
import { reindexIndex } from './reindex-index'
import { reindexTable } from './reindex-table'
import { resetStatistics } from './reset-statistics'
import { restartServer } from './restart-server'
import { restoreIndex } from './restore-index'
import { setTableOptions } from './set-table-options'
import { cancelBackend, terminateBackend } from './signal-backend'
import { vacuumTable } from './vacuum-table'

/** A command whose input was parsed and whose object was read: what is left is pure planning, and the checks. */
export interface Prepared {
  input: Record<string, unknown>
  object: ObjectIdentity
  /** Indexes whose size after a rebuild would help the prediction. */
  indexes: IndexFile[]
  pending: PendingSetting[]
  plan: (known: Known) => Result<Plan>
  /** Worst first. Errors: what the server said to the first check that could not look. */
  preflight: (known: Known, plan: Plan) => Promise<Result<PreflightLine[]>>
}

/** A command with its types folded away: what the allow-list holds. */
export interface ListedCommand {
  name: string
  about: string
  measures: Measured
  weight: Weight
  /** Errors: invalid_input, conflict when the object is gone, or what the server says. */
  prepare: (target: Target, server: ServerFacts, input: unknown) => Promise<Result<Prepared>>
  act?: Command['act']
  readBack?: (target: Target, before: Before) => Promise<Result<null>>
  done: (target: Target, before: Before) => Promise<Result<Done>>
  look?: Command['look']
}

const WEIGHT = { stop: 0, warn: 1, pass: 2 }

export function listed<I extends z.ZodObject, F>(command: Command<I, F>): ListedCommand {
  const { name, about, measures, weight, act, readBack, done, look } = command
  return {
    name,
    about,
    measures,
    weight,
    act,
    readBack,
    done,
    look,
    prepare: async (target, server, given) => {
      if (JSON.stringify(given)?.includes('\\u0000')) return failed('invalid_input', 'No name, number or statement holds a NUL')
      const parsed = command.input.safeParse(given)
      if (!parsed.success) return failed('invalid_input', z.prettifyError(parsed.error))
      const found = await command.facts(target, parsed.data)
      if (!found.ok) return found
      return ok(prepared(command, target, server, parsed.data, found.value))
    },
  }
}

function prepared<I extends z.ZodObject, F>(
  command: Command<I, F>,
  target: Target,
  server: ServerFacts,
  input: z.output<I>,
  { object, facts, indexes = [], pending = [] }: Found<F>,
): Prepared {
  return {
    input,
    object,
    indexes,
    pending,
    plan: (known) => command.plan(input, { server, object, facts, known }),
    preflight: async (known, plan) => {
      const answers = await Promise.all(
        [...EVERY_RUN, ...command.preflight].map((check) => check(target, { server, object, facts, known }, plan)),
      )
      const lines: PreflightLine[] = []
      for (const answer of answers) {
        if (!answer.ok) return answer
        if (answer.value) lines.push(answer.value)
      }
      return ok(lines.sort((a, b) => WEIGHT[a.status] - WEIGHT[b.status]))
    },
  }
}

/** Every statement that can change a server: the allow-list. */
export const COMMANDS: ReadonlyMap<string, ListedCommand> = new Map(
  [
    listed(reindexIndex),
    listed(reindexTable),
    listed(vacuumTable),
    listed(analyzeTable),
    listed(cancelBackend),
    listed(changeSettings),
    listed(createIndex),
    listed(dropIndex),
    listed(dropLeftoverIndex),
    listed(installHealthFunctions),
    listed(restartServer),
    listed(restoreIndex),
    listed(refreshMaterializedView),
    listed(resetStatistics),
    listed(setTableOptions),
    listed(terminateBackend),
  ].map((command) => [command.name, command]),
)
