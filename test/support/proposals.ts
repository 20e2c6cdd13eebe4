import type { Finding } from '../../db/checks/define-check'
import { CHECKS } from '../../db/checks/registry'
import { COMMANDS } from '../../db/commands/registry'
import { describeIndex } from '../../db/indexes/describe-index'
import type { IndexFinding } from '../../db/indexes/index-finding'
import { indexHealth } from '../../db/indexes/index-health'
import { UNWATCHED } from '../../db/indexes/index-past'
import { indexScript } from '../../db/indexes/index-script'
import { nextMaintenance } from '../../db/maintenance/next-maintenance'
import { privilegeDoctor } from '../../db/privileges/privilege-doctor'
import { identifier, qualified } from '../../db/server/identifiers'
import { forgetReads, runRead } from '../../db/server/run-read'
import type { Target } from '../../db/server/target'
import { tables } from '../../db/tables/reads/tables'
import { tableFindings } from '../../db/tables/table-health'
import { menuCommands } from './menu-commands'
import { orThrow } from './or-throw'
import type { Proposal, Refusal } from './proposal'
import { planForTest } from './test-command'

/** What is proposed where somebody vouches for the age of every index. */
const VOUCHED = { ...UNWATCHED, unusedAfter: 0, vouched: '2000-01-01T00:00:00.000Z' }

interface Offered {
  command: string
  input: Record<string, unknown>
}

export interface Proposals {
  proposals: Proposal[]
  /** Commands that a finding or a list offers and that will not be planned. */
  refused: Refusal[]
}

/**
 * All the SQL that checks, list of indexes, menus, scripts, next maintenance and privileges show for a database as it is now, and what
 * the commands would send that they offer; each piece of work once. Throws where a check cannot look.
 */
export async function proposalsIn(target: Target): Promise<Proposals> {
  forgetReads()
  const [checks, list] = [await findings(target), orThrow(await indexHealth(target, [], VOUCHED)).findings]
  const proposals = [...ofChecks(checks), ...(await ofIndexList(target, list)), ...(await menuCommands(target))]
  for (const { name, fix } of orThrow(await privilegeDoctor(target, ['work_mem'])))
    if (fix !== null) proposals.push({ from: `privileges: ${name}`, sql: fix.join(';\n') })
  const offered = await offeredCommands(target, checks, list)
  const refused: Refusal[] = []
  for (const { from, command, input } of offered) {
    const known = COMMANDS.get(command)
    if (!known) throw new Error(`no command ${command}`)
    const planned = await planForTest(target, known, input)
    if (planned.ok) proposals.push({ from: `${from}: ${command}`, sql: planned.value.plan.statements.join(';\n') })
    else refused.push({ from: `${from}: ${command}`, sql: JSON.stringify(input), says: planned.problem.message })
  }
  // What a finding shows and what its command sends is the same work, which can be done once: as the command does it.
  const once = new Map<string, Proposal>()
  for (const proposal of proposals) {
    const key = `${work(proposal.sql)}\n${proposal.after ?? ''}`
    const same = once.get(key)
    once.set(key, same ? { ...proposal, from: `${same.from} = ${proposal.from}` } : proposal)
  }
  return { proposals: [...once.values()], refused }
}

/** Without time-outs and semicolons at the ends of lines. */
const work = (sql: string): string =>
  sql
    .split('\n')
    .filter((line) => !/^SET (lock|statement)_timeout = /.test(line))
    .map((line) => line.replace(/;$/, ''))
    .join('\n')

/** What a check finds, which is what it proposes and what it offers. */
interface Found {
  from: string
  finding: Finding
}

async function findings(target: Target): Promise<Found[]> {
  const found: Found[] = []
  for (const { name, look } of CHECKS) for (const finding of orThrow(await look(target))) found.push({ from: `check ${name}`, finding })
  return found
}

const ofChecks = (checks: Found[]): Proposal[] => checks.flatMap(({ from, finding: { sql } }) => (sql === null ? [] : [{ from, sql }]))

async function offeredCommands(target: Target, checks: Found[], list: IndexFinding[]): Promise<(Offered & { from: string })[]> {
  const found: (Offered & { from: string })[] = checks.flatMap(({ from, finding: { fix } }) => (fix === null ? [] : [{ from, ...fix }]))
  const known = { indexes: list, tables: tableFindings(orThrow(await runRead(target, tables, {}))) }
  for (const { command, input } of nextMaintenance({ ...known, past: { rebuild: null, vacuum: null } }).steps)
    found.push({ from: 'next maintenance', command, input })
  return found
}

/** What the list of indexes shows: each one's drop, rebuild and undo, and what would lift a withheld estimate. */
async function ofIndexList(target: Target, list: IndexFinding[]): Promise<Proposal[]> {
  const found: Proposal[] = []
  for (const { indexrelid, trust, verdict, conname, relname, schemaname } of list) {
    if (trust.kind === 'withheld' && trust.fix) found.push({ from: 'index list: estimate', sql: trust.fix })
    const rebuild = await indexScript(target, 'rebuild', [indexrelid])
    if (rebuild.ok) found.push({ from: 'script rebuild', sql: rebuild.value.sql })
    const undo = await indexScript(target, 'undo', [indexrelid])
    const dropped = await describeIndex(target, indexrelid, [], VOUCHED)
    if (dropped.ok && dropped.value.dropSql !== null) found.push({ from: 'index: drop', sql: dropped.value.dropSql })
    const script = await indexScript(target, 'drop', [indexrelid])
    if (script.ok && ['unused', 'redundant', 'invalid'].includes(verdict)) found.push({ from: 'script drop', sql: script.value.sql })
    // What was invalid did nothing that an undo could bring back.
    if (!undo.ok || verdict === 'invalid') continue
    if (conname !== null)
      found.push({
        from: 'script undo',
        sql: undo.value.sql,
        after: `ALTER TABLE ${qualified(schemaname, relname)} DROP CONSTRAINT ${identifier(conname)} CASCADE`,
      })
    else if (script.ok) found.push({ from: 'script undo', sql: undo.value.sql, after: script.value.sql })
  }
  return found
}
