import { COMMANDS } from '../../db/commands/registry'
import { indexHealth } from '../../db/indexes/index-health'
import { isRebuiltConcurrently } from '../../db/indexes/index-statements'
import { runRead } from '../../db/server/run-read'
import type { Target } from '../../db/server/target'
import { tables } from '../../db/tables/reads/tables'
import { tableFindings } from '../../db/tables/table-health'
import { orThrow } from './or-throw'
import type { Proposal } from './proposal'
import { planForTest } from './test-command'

/**
 * What the commands would send that the menus of the lists offer for every index and table, with the undo that a drop keeps. Where the plan
 * or a stop of the preflight refuses, the page says why and nothing can be sent.
 */
export async function menuCommands(target: Target): Promise<Proposal[]> {
  const found: Proposal[] = []
  const ask = async (name: string, input: Record<string, unknown>) => {
    const command = COMMANDS.get(name)
    if (!command) throw new Error(`no command ${name}`)
    const planned = await planForTest(target, command, input)
    if (!planned.ok || planned.value.preflight.some(({ status }) => status === 'stop')) return
    const { statements, undo } = planned.value.plan
    const sql = statements.join(';\n')
    found.push({ from: `menu: ${name} ${planned.value.object.relname}`, sql })
    if (undo !== null && name === 'drop-index') found.push({ from: `undo: ${name} ${planned.value.object.relname}`, sql: undo, after: sql })
  }
  for (const index of orThrow(await indexHealth(target, [])).findings) {
    const oid = index.indexrelid
    await ask('reindex-index', { oid, concurrently: isRebuiltConcurrently(index) })
    if (index.invalid === null) await ask('drop-index', { oid, concurrently: !index.partitioned })
  }
  for (const { relid: oid, refresh } of tableFindings(orThrow(await runRead(target, tables, {})))) {
    for (const options of [{}, { full: true }, { analyze: true, freeze: true }]) await ask('vacuum-table', { oid, ...options })
    await ask('analyze-table', { oid })
    for (const concurrently of [true, false]) await ask('reindex-table', { oid, concurrently })
    if (refresh) await ask('refresh-materialized-view', { oid, concurrently: refresh.index !== null })
  }
  return found
}
