import { formatCount, formatFirst } from '../../domain/format'
import { grantRole } from '../../server/grants'
import { failed, ok, type Result } from '../../server/problem'
import { runRead } from '../../server/run-read'
import type { Target } from '../../server/target'
import { type Before, type CommandFacts, type Done, type Looked, line, type PreflightCheck } from '../define-command'
import type { CommandOption } from '../face'
import { relationStates } from '../facts/state'
import type { Plan } from '../plan'
import { nameOf, spoken } from '../sql'
import { type PlannedPhase, patiently } from '../work'
import type { DatabaseFacts } from './facts'

/** The choices of the dialog, in minutes: as many as fit beside the words. */
export const MINUTES: CommandOption = {
  key: 'minutes',
  label: 'Time limit',
  about: 'after that no further table is begun; the one at work is finished.',
  choices: [
    { label: '15 min', value: 15 },
    { label: '1 h', value: 60 },
    { label: '4 h', value: 240 },
  ],
}

interface Wanted {
  verb: 'Vacuum' | 'Analyze'
  /** VACUUM (SKIP_LOCKED), before the name of the table. */
  statement: string
  phases: PlannedPhase[]
  effect: string[]
}

/** One statement for each table, the neediest first, until the time is over. Errors: conflict where this role may do none of it. */
export function planDatabase({ verb, statement, phases, effect }: Wanted, { facts }: CommandFacts<DatabaseFacts>): Result<Plan> {
  const { datname, minutes, tables, refused, left } = facts
  if (tables.length === 0)
    return failed('conflict', `This role may not maintain any of the ${formatCount(refused.length, 'table')} of ${datname} that need it`)
  return ok({
    title: `${verb} ${formatCount(tables.length, 'table')} of ${datname}`,
    ...patiently(phases, ...tables.map((table) => `${statement} ${nameOf(table)}`)),
    steps: tables.map(({ oid, relname }) => ({ name: relname, oid, unlessGone: true })),
    limitMinutes: minutes,
    calls: 'all',
    locks: [
      {
        mode: 'ShareUpdateExclusiveLock',
        relation: 'each of the tables, one after another',
        waits: 'VACUUM and DDL on that table wait. SELECT, INSERT, UPDATE and DELETE go on.',
      },
    ],
    effect: [
      `In order of need: ${formatFirst(tables.map(({ schemaname, relname }) => spoken(schemaname, relname)))}.`,
      ...effect,
      `A table that somebody has locked is skipped at once (SKIP_LOCKED). After ${minutes} min no further one is begun; what is left stays for another run.`,
      ...(left > 0 ? [`${formatCount(left, 'more table')} do not go into one run: plan it once more afterwards.`] : []),
    ],
    cancel: 'Cancel at any time. Tables that were done by then stay done.',
    phrase: datname,
    alwaysTyped: false,
    undo: null,
    prediction: null,
  })
}

/** Tables that are left out, as this role may not maintain them. */
export const rightsOnAll: PreflightCheck<DatabaseFacts> = async (_target, { server, facts: { tables, refused } }) => {
  if (refused.length === 0)
    return line('privilege', 'pass', 'Privilege', `${server.role} may maintain all ${formatCount(tables.length, 'table')}`)
  const names = formatFirst(refused.map(({ schemaname, relname }) => spoken(schemaname, relname)))
  const how =
    server.major >= 17
      ? `${grantRole('pg_maintain', server).join('; ')} would allow it.`
      : 'Their owners may, and the owner of the database.'
  return line(
    'privilege',
    'warn',
    `${formatCount(refused.length, 'table')} ${refused.length === 1 ? 'is' : 'are'} left out`,
    `${server.role} may not maintain ${names}. ${how}`,
  )
}

const tablesOf = ({ input }: Before): number[] => (input?.tables as number[] | undefined) ?? []

/** How many of the tables were done since, and how many were in the plan. Errors: as the read. */
async function count(
  target: Target,
  before: Before,
  noted: 'last_vacuum' | 'last_analyze',
): Promise<Result<{ done: number; all: number }>> {
  const oids = tablesOf(before)
  const states = await runRead(target, relationStates, { oids })
  return states.ok ? ok({ done: states.value.filter((state) => (state[noted] ?? 0) >= before.at).length, all: oids.length }) : states
}

export const databaseDone =
  (noted: 'last_vacuum' | 'last_analyze') =>
  async (target: Target, before: Before): Promise<Result<Done>> => {
    const found = await count(target, before, noted)
    if (!found.ok) return found
    const { done, all } = found.value
    return ok(done === 0 ? 'no' : done < all ? 'partly' : 'yes')
  }

export const lookAtDatabase =
  (noted: 'last_vacuum' | 'last_analyze', did: string) =>
  async (target: Target, before: Before): Promise<Looked> => {
    const found = await count(target, before, noted)
    if (!found.ok) return { checkedAfter: `could not look: ${found.problem.message}` }
    const { done, all } = found.value
    const rest = all - done
    return {
      checkedAfter: `${done} of ${formatCount(all, 'table')} ${did}${rest === 0 ? '' : `; the other ${rest} ${rest === 1 ? 'was' : 'were'} locked, gone, or beyond the time limit`}`,
    }
  }
