import { z } from 'zod'
import type { ServerFacts } from '../server/facts'
import { failed, ok, type Result } from '../server/problem'
import type { Target } from '../server/target'
import { analyzeDatabase } from './analyze-database/command'
import { analyzeTable } from './analyze-table/command'
import { attachIndexPartition } from './attach-index-partition/command'
import { attachPartition } from './attach-partition/command'
import { changeSettings } from './change-settings/command'
import { createIndex } from './create-index/command'
import { createMaterializedView } from './create-materialized-view/command'
import type {
  Before,
  Command,
  Done,
  Found,
  IndexFile,
  Measured,
  ObjectIdentity,
  PendingSetting,
  PreflightLine,
  Weight,
} from './define-command'
import { detachPartition } from './detach-partition/command'
import { dropIndex } from './drop-index/command'
import { dropLeftoverIndex } from './drop-leftover-index/command'
import { dropReplicationSlot } from './drop-replication-slot/command'
import type { Face } from './face'
import { installHealthFunctions } from './install-health-functions/command'
import { installStatisticsHelper } from './install-statistics-helper/command'
import type { Known } from './known'
import { makeCheckpoint } from './make-checkpoint/command'
import type { Plan } from './plan'
import { EVERY_RUN } from './preflight/every-run'
import { refreshCollation } from './refresh-collation/command'
import { refreshMaterializedView } from './refresh-materialized-view/command'
import { reindexIndex } from './reindex-index/command'
import { reindexTable } from './reindex-table/command'
import { resetStatistics } from './reset-statistics/command'
import { restartServer } from './restart-server/command'
import { restoreIndex } from './restore-index/command'
import { setStatisticsTarget } from './set-statistics-target/command'
import { setTableOptions } from './set-table-options/command'
import { cancelBackend, terminateBackend } from './signal/commands'
import { updateExtension } from './update-extension/command'
import { vacuumDatabase } from './vacuum-database/command'
import { vacuumTable } from './vacuum-table/command'
import { patienceOf } from './work'

/** A command whose input was parsed and whose object was read: what is left is pure planning, and the checks. */
export interface Prepared {
  input: Record<string, unknown>
  object: ObjectIdentity
  /** Indexes whose size after a rebuild would help the prediction. */
  indexes: IndexFile[]
  pending: PendingSetting[]
  noted?: Found<unknown>['noted']
  plan: (known: Known) => Result<Plan>
  /** Worst first. Errors: what the server said to the first check that could not look. */
  preflight: (known: Known, plan: Plan) => Promise<Result<PreflightLine[]>>
}

/** A command with its types folded away: what the allow-list holds. */
export interface ListedCommand {
  name: string
  about: string
  face: Face
  measures: Measured
  weight: Weight
  form: string[]
  rebuilds?: Command['rebuilds']
  estimates?: Command['estimates']
  rewrites?: Command['rewrites']
  /** Errors: invalid_input, conflict when the object is gone, or what the server says. */
  prepare: (target: Target, server: ServerFacts, input: unknown) => Promise<Result<Prepared>>
  act?: Command['act']
  readBack?: (target: Target, before: Before) => Promise<Result<null>>
  done: (target: Target, before: Before) => Promise<Result<Done>>
  checked?: Command['checked']
  happened?: Command['happened']
  look?: Command['look']
}

const WEIGHT = { stop: 0, warn: 1, pass: 2 }

export function listed<I extends z.ZodObject, F>(command: Command<I, F>): ListedCommand {
  const { facts: _facts, plan: _plan, preflight: _preflight, input: _input, form = [], ...rest } = command
  return {
    ...rest,
    form,
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
  { object, facts, indexes = [], pending = [], noted, chosen }: Found<F>,
): Prepared {
  return {
    input: { ...input, ...chosen },
    object,
    indexes,
    pending,
    noted,
    plan: (known) => {
      const plan = command.plan(input, { server, object, facts, known })
      return plan.ok ? ok({ ...plan.value, patience: patienceOf(plan.value) }) : plan
    },
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
    listed(analyzeDatabase),
    listed(attachIndexPartition),
    listed(attachPartition),
    listed(cancelBackend),
    listed(changeSettings),
    listed(makeCheckpoint),
    listed(createIndex),
    listed(createMaterializedView),
    listed(detachPartition),
    listed(dropIndex),
    listed(dropLeftoverIndex),
    listed(dropReplicationSlot),
    listed(installHealthFunctions),
    listed(installStatisticsHelper),
    listed(restartServer),
    listed(restoreIndex),
    listed(refreshCollation),
    listed(refreshMaterializedView),
    listed(resetStatistics),
    listed(setStatisticsTarget),
    listed(setTableOptions),
    listed(terminateBackend),
    listed(updateExtension),
    listed(vacuumDatabase),
  ].map((command) => [command.name, command]),
)
