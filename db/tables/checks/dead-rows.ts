import type { Check } from '../../checks/define-check'
import { vacuumTableRequest } from '../../commands/vacuum-table/request'
import { formatCount } from '../../domain/format'
import { vacuumGain } from '../../maintenance/gain'
import { qualified } from '../../server/identifiers'
import { ok } from '../../server/problem'
import { runRead } from '../../server/run-read'
import { autovacuumState } from '../reads/autovacuum-state'
import { readTableFindings, type TableFinding } from '../table-health'
import { whyBehind } from '../why-behind'

const DEAD_REASONS = ['dead', 'dead-share']
/** So many that a snapshot which holds them is worth a word: as many as VACUUM is asked for without one. */
const HELD_ROWS = 10_000

/** By table, a partitioned one for all of its partitions. VACUUM is offered only where nobody's snapshot holds the rows. */
export const deadRows: Check = {
  name: 'dead-rows',
  about:
    'Tables whose dead rows need VACUUM, and why autovacuum has not removed them: off, busy, slowed, locked out, or a snapshot holds the rows',
  look: async (target) => {
    const [read, states] = await Promise.all([readTableFindings(target), runRead(target, autovacuumState, {})])
    if (!read.ok) return read
    if (!states.ok) return states
    const [state] = states.value
    if (!state) throw new Error('The read autovacuum-state has one row')
    return ok(
      read.value
        .filter(({ kind, vacuuming }) => kind !== 'partition' && vacuuming === null)
        .flatMap((table) => {
          const need = table.needs.find(({ command, reason }) => command === 'vacuum' && DEAD_REASONS.includes(reason))
          const isHeld = need?.heldBy !== undefined && Number(table.dead) >= HELD_ROWS
          return need && (need.act || isHeld) ? [{ table, heldBy: need.heldBy }] : []
        })
        .sort((a, b) => Number(b.table.dead) - Number(a.table.dead))
        .map(({ table, heldBy }) => ({
          ...aboutTable(table),
          ...(heldBy === undefined ? vacuumOf(table, whyBehind(table, state)) : heldOf(table, heldBy)),
        })),
    )
  },
}

const aboutTable = ({ schemaname, relname, relid }: TableFinding) =>
  ({ kind: 'relation', what: 'table', schemaname, relname, oid: relid, trust: { kind: 'exact' }, severity: 'warn' }) as const

const numbers = ({ dead, deadShare }: TableFinding): string =>
  `${formatCount(dead, 'dead row')}, ${Math.round((deadShare ?? 0) * 100)}% of all`

/** Of a partitioned table each partition has its own. */
const thresholdOf = ({ vacuumAt }: TableFinding): string =>
  vacuumAt === null ? '' : `; autovacuum's threshold is ${Math.round(vacuumAt).toLocaleString('en-US')}`

function vacuumOf(table: TableFinding, why: string) {
  const name = qualified(table.schemaname, table.relname)
  return {
    title: `${name} needs VACUUM`,
    evidence: `${numbers(table)}${thresholdOf(table)}. No snapshot of this database holds them. ${why}`,
    fix: vacuumTableRequest({ oid: table.relid }),
    ...gainOf(table),
    sql: `VACUUM ${name};`,
  }
}

function gainOf(table: TableFinding) {
  const gain = vacuumGain(table)
  return gain && { gain }
}

function heldOf(table: TableFinding, heldBy: string) {
  return {
    title: `${qualified(table.schemaname, table.relname)} keeps dead rows for ${heldBy}`,
    evidence: `${numbers(table)}. VACUUM cannot remove rows that died after that began, so it does not help until that ends. How many of them those are is not known.`,
    fix: null,
    sql: null,
  }
}
