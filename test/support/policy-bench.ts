import { setTimeout as sleep } from 'node:timers/promises'
import { eq } from 'drizzle-orm'
import { afterEach, beforeEach } from 'vitest'
import { consoleDb } from '../../db/console/client'
import { audit } from '../../db/console/schema'
import { setReadOnly } from '../../db/console/server-changes'
import { changeRole } from '../../db/console/users'
import type { PolicyRule } from '../../db/domain/policy-rule'
import { policySentences } from '../../db/domain/policy-words'
import type { Major } from '../../db/embedded/binaries'
import { confirmPolicy } from '../../db/runs/confirm-policy'
import { listWindows, removeWindow, saveWindow } from '../../db/runs/maintenance-windows'
import { listPolicies, removePolicy } from '../../db/runs/policies'
import { stepPolicies } from '../../db/runs/policy-night'
import type { WindowTimes } from '../../db/runs/window-times'
import { forgetReads } from '../../db/server/run-read'
import { DBA } from './confirm-run'
import { benchForTests } from './run-bench'

export const DAY_MS = 86_400_000
const LIMITS = { until: null, most: 2, mostBytes: 2 ** 40, allowWarnings: false }
export const RULE: PolicyRule = { kind: 'rebuild-bloated', bloatPercent: 30, bloatBytes: 2 ** 20, trust: 'estimated', ...LIMITS }
const REFRESH: PolicyRule = { kind: 'refresh-views', olderMinutes: 60, ...LIMITS }
const VACUUM: PolicyRule = { kind: 'vacuum-dead', deadPercent: 20, deadRows: 10_000, ...LIMITS }

/** Three tables, the largest first; each with an index that is three quarters air. */
const NAMES = ['large', 'middle', 'small']

/** For tests of policies: a bench of runs with bloat before each, a window that is open, and what people and workers do with policies. */
export function policiesForTests(major: Major) {
  const bench = benchForTests(major)
  const serverId = () => bench.db.target.serverId
  const state = { window: { id: '', cron: '', timeZone: 'UTC', minutes: 0 } }

  const open = async (name: string, times: WindowTimes) => {
    const saved = await saveWindow(serverId(), null, { name, ...times }, DBA)
    if (!saved.ok) throw new Error(saved.problem.message)
    state.window = { id: saved.value.id, ...times }
  }
  const confirm = (change: Partial<PolicyRule> = {}, { id = null as string | null, phrase = bench.db.target.database } = {}) => {
    const rule = { ...(change.kind === 'vacuum-dead' ? VACUUM : change.kind === 'refresh-views' ? REFRESH : RULE), ...change } as PolicyRule
    const { database } = bench.db.target
    const shown = { window: state.window, sentences: policySentences(rule), phrase }
    return confirmPolicy({ serverId: serverId(), database, id, rule, ...shown, actor: DBA })
  }
  const policies = () => listPolicies(serverId(), bench.db.target.database)
  const night = async () => (await policies())[0]?.night
  const step = (now?: Date) => stepPolicies(serverId(), now)

  beforeEach(async () => {
    for (const [at, name] of NAMES.entries())
      await bench.db.client.query(`
        drop table if exists ${name}; create table ${name} (id int) with (autovacuum_enabled = off);
        insert into ${name} select generate_series(1, ${260_000 - at * 70_000}); create index ${name}_id on ${name} (id);
        delete from ${name} where id % 4 <> 0`)
    for (const name of NAMES) await bench.db.client.query(`vacuum (analyze) ${name}`)
    forgetReads()
    // From this hour on for a day: open however long this takes, with a night each day.
    await open('Always', { cron: `0 ${new Date().getUTCHours()} * * *`, timeZone: 'UTC', minutes: 1440 })
  })
  afterEach(async () => {
    await setReadOnly(serverId(), false, DBA)
    await changeRole(DBA.email, DBA.role, DBA)
    for (const { id } of await policies()) await removePolicy(serverId(), id, DBA)
    await step() // ends the nights of those
    for (const { id } of await listWindows(serverId())) await removeWindow(serverId(), id, DBA)
  })

  return {
    bench,
    state,
    /** Another window, which policies are confirmed for from here on. */
    open,
    confirm,
    confirmed: async (change: Partial<PolicyRule> = {}): Promise<string> => {
      const policy = await confirm(change)
      if (!policy.ok) throw new Error(policy.problem.message)
      return policy.value.id
    },
    policies,
    /** The newest night of the first policy. */
    night,
    step,
    /** Steps until the night is over, as the worker does. */
    through: async (now: () => Date = () => new Date()) => {
      while (await step(now())) await sleep(100)
      return night()
    },
    /** The runs of that night. */
    done: async () => (await night())?.runs.map(({ relname, state: is }) => [relname, is]),
    /** What the audit noted of an action. */
    lines: async (action: string) =>
      (await consoleDb().select().from(audit).where(eq(audit.action, action)).orderBy(audit.id)).map(({ detail }) => detail),
  }
}
