import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { formatAge } from '../../domain/format'
import { failed, ok, type Result } from '../../server/problem'
import { runRead } from '../../server/run-read'
import type { Target } from '../../server/target'
import { type Before, type CommandFacts, type Done, defineCommand, line, objectOid, type PreflightCheck } from '../define-command'
import { spoken } from '../sql'
import { atOnce } from '../work'
import { databaseCounters, type ResetFacts, relationCounters, statementCounters, statementsLeft } from './facts'
import { resetStatisticsRequest } from './request'

const input = z.strictObject({
  /** One table or index; the database with all of its tables; one entry of pg_stat_statements; all of its entries. */
  of: z.enum(['relation', 'database', 'statement', 'statements']),
  /** The relation's OID, for relation. */
  oid: objectOid.optional(),
  /** userid, dbid and queryid of the entry, for statement. */
  userid: objectOid.optional(),
  dbid: objectOid.optional(),
  /** int8, and never 0: that would mean all. */
  queryid: z
    .string()
    .regex(/^-?[1-9]\d{0,18}$/)
    .optional(),
})

type Input = z.output<typeof input>

const mayReset: PreflightCheck<ResetFacts> = async (_target, { server, facts }) =>
  facts.may_reset
    ? line('privilege', 'pass', 'Privilege', `${server.role} may execute ${facts.routine}`)
    : line(
        'privilege',
        'stop',
        `${server.role} may not do this`,
        `GRANT EXECUTE ON FUNCTION ${facts.routine} TO ${facts.grantee} would allow it.`,
      )

/** How much is lost, so that it is read before it is gone. */
const evidence: PreflightCheck<ResetFacts> = async (_target, { facts }) =>
  line('evidence', 'warn', `${formatAge(facts.seconds)} of evidence ends`, facts.loses)

/** The functions of the manual, 27.2.27, and of pg_stat_statements, F.32.3. */
export const resetStatistics = defineCommand({
  name: resetStatisticsRequest.command,
  about: 'Sets the counters of one relation, of the database or of pg_stat_statements to zero',
  input,
  face: { verb: 'Reset statistics', does: { did: 'the counters begin at zero' } },
  measures: 'nothing',
  weight: 'light',
  facts: load,
  plan: (_input, { facts }: CommandFacts<ResetFacts>) =>
    ok({
      title: facts.title,
      ...atOnce(facts.statement),
      locks: [],
      effect: [facts.loses, ...facts.also, 'Other tools that compare counters over time see them drop.'],
      cancel: 'This takes a moment: there is nothing to cancel.',
      phrase: facts.phrase,
      alwaysTyped: facts.all,
      undo: null,
      prediction: null,
    }),
  preflight: [mayReset, evidence],
  done: reset,
})

async function load(target: Target, { of, ...ids }: Input): Promise<Result<{ object: Before['object']; facts: ResetFacts }>> {
  if (of === 'database') return fromDatabase(target)
  if (of === 'relation')
    return ids.oid === undefined ? failed('invalid_input', 'oid is missing: which relation?') : fromRelation(target, ids.oid)
  if (of === 'statements') return fromStatements(target, { userid: 0, dbid: 0, queryid: '0' })
  const { userid, dbid, queryid } = ids
  if (userid === undefined || dbid === undefined || queryid === undefined)
    return failed('invalid_input', 'userid, dbid and queryid together name one statement; what is missing would mean all')
  return fromStatements(target, { userid, dbid, queryid })
}

const first = <T>(rows: Result<T[]>, gone: string): Result<T> => {
  if (!rows.ok) return rows
  return rows.value[0] === undefined ? failed('conflict', gone) : ok(rows.value[0])
}

async function fromDatabase(target: Target) {
  const found = first(await runRead(target, databaseCounters, {}), 'This database has no statistics')
  if (!found.ok) return found
  const { datid, datname, ...facts } = found.value
  return ok({
    object: { oid: datid, schemaname: datname, relname: datname, relfilenode: 0, relid: datid },
    facts: {
      ...facts,
      title: `Reset the statistics of ${datname}`,
      statement: 'SELECT pg_stat_reset()',
      routine: 'pg_stat_reset()',
      loses: `Every counter of ${datname} begins at zero: scans of its indexes and tables, rows changed, cache hits.`,
      also: [
        'No index of it can be called unused until the new window is long enough.',
        'Autovacuum forgets how many rows died and changed since it last ran: run ANALYZE on what matters.',
      ],
      phrase: datname,
      all: true,
    },
  })
}

async function fromRelation(target: Target, oid: number) {
  const found = first(await runRead(target, relationCounters, { oid }), `There is no table or index with OID ${oid} any more`)
  if (!found.ok) return found
  const { schemaname, relname, relid, is_index: isIndex, ...facts } = found.value
  const name = spoken(schemaname, relname)
  return ok({
    object: { oid, schemaname, relname, relfilenode: 0, relid },
    facts: {
      ...facts,
      title: `Reset the statistics of ${relname}`,
      statement: `SELECT pg_stat_reset_single_table_counters(${oid})`,
      routine: 'pg_stat_reset_single_table_counters(oid)',
      loses: isIndex
        ? `Scans and rows read of ${name} begin at zero.`
        : `Scans, rows changed and dead rows of ${name} begin at zero; those of its indexes stay.`,
      also: [
        // It notes the time for the database as a whole, in every major up to 18.
        "PostgreSQL also sets the database's time of reset to now: every other counter then looks younger than it is.",
        ...(isIndex ? [] : ['Autovacuum forgets how many of its rows died and changed since it last ran.']),
      ],
      phrase: relname,
      all: false,
    },
  })
}

async function fromStatements(target: Target, ids: { userid: number; dbid: number; queryid: string }) {
  const found = first(await runRead(target, statementCounters, ids), 'pg_stat_statements has no such entry')
  if (!found.ok) return found
  const { extension_oid: extension, schemaname, routine, arguments: count, ...facts } = found.value
  const all = ids.queryid === '0'
  const what = all ? 'all statements' : `statement ${ids.queryid}`
  return ok({
    object: { oid: extension, schemaname, relname: all ? 'pg_stat_statements' : entryName(ids), relfilenode: 0, relid: extension },
    facts: {
      ...facts,
      title: `Reset pg_stat_statements for ${what}`,
      // Every argument in its very type, also those that have defaults: no other function of this name fits as well.
      statement: `SELECT ${routine.slice(0, routine.lastIndexOf('('))}(${ids.userid}::oid, ${ids.dbid}::oid, '${ids.queryid}'::bigint${count > 3 ? ', false' : ''})`,
      routine,
      loses: all
        ? 'Every entry of every database goes: calls, times, rows, blocks, WAL of all statements of this server.'
        : 'The entry goes: its calls, times, rows, blocks and WAL begin at zero when it is next executed.',
      also: [],
      phrase: all ? 'pg_stat_statements' : `queryid ${ids.queryid}`,
      all,
    },
  })
}

/** 14 writes statistics by a process of its own, at most every 500 ms. */
const SETTLE_MS = 2_000

/** All three, as one queryid may be there for several roles and databases. */
const entryName = ({ userid, dbid, queryid }: { userid: number; dbid: number; queryid: string }): string =>
  `queryid ${queryid}, userid ${userid}, dbid ${dbid}`
const ENTRY = /^queryid (-?\d+), userid (\d+), dbid (\d+)$/

/** A reset notes its time; an entry of pg_stat_statements goes, and comes again when it is next executed. */
async function reset(target: Target, { at, object }: Before): Promise<Result<Done>> {
  for (const until = Date.now() + SETTLE_MS; ; await sleep(200)) {
    const done = await isReset(target, object, at)
    if (!done.ok) return done
    if (done.value || Date.now() > until) return ok(done.value ? 'yes' : 'no')
  }
}

async function isReset(target: Target, { relname }: Before['object'], at: number): Promise<Result<boolean>> {
  const entry = ENTRY.exec(relname)
  if (entry === null && relname !== 'pg_stat_statements') {
    const rows = await runRead(target, databaseCounters, {})
    return rows.ok ? ok((rows.value[0]?.reset_at ?? 0) >= at) : rows
  }
  const [queryid, userid, dbid] = entry?.slice(1) ?? ['0', '0', '0']
  const rows = await runRead(target, statementsLeft, { userid: userid ?? '0', dbid: dbid ?? '0', queryid: queryid ?? '0' })
  if (!rows.ok) return rows
  const [row] = rows.value
  return ok(entry === null ? (row?.reset_at ?? 0) >= at : row?.left === 0)
}
