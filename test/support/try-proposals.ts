import type { Client } from 'pg'
import { identifier } from '../../db/server/identifiers'
import { parseSql } from '../../db/server/parse-sql'
import { orThrow } from './or-throw'
import type { Proposal, Refusal } from './proposal'
import { type Proposals, proposalsIn } from './proposals'
import type { TestDatabase } from './test-database'

/** What some commands and CONCURRENTLY say inside a transaction. */
const NOT_IN_A_TRANSACTION = '25001'

/**
 * Executes all that Proctor proposes for a database, on a copy of it; none when the server accepts all. The sessions of the
 * original end for the copy, `db.client` is a new one afterwards. `proposals`: where they were read already, for example as
 * another role.
 */
export async function refusedProposals(db: TestDatabase, proposals?: Proposals): Promise<Refusal[]> {
  const read = proposals ?? (await proposalsIn(db.target))
  const copy = await db.copy()
  try {
    return [...read.refused, ...(await tryAll(copy.client, read.proposals))]
  } finally {
    await copy.drop()
  }
}

/**
 * Executes each proposal by itself: in a transaction that is rolled back where the server lets it, else for good, what drops something after what needs it, so
 * that the database is spoiled afterwards. A SELECT is only planned, ALTER SYSTEM is reset. Returns what was refused.
 */
export async function tryAll(client: Client, proposals: Proposal[]): Promise<Refusal[]> {
  const refusals: Refusal[] = []
  const outside: { proposal: Proposal; statements: string[]; order: number }[] = []
  const dropped = new Set<string>()
  for (const proposal of proposals) {
    const parsed = [...(proposal.after ? orThrow(await parseSql(proposal.after)) : []), ...orThrow(await parseSql(proposal.sql))]
    const statements = parsed.map(({ kind, text }) => (kind === 'SelectStmt' ? `explain ${text}` : text))
    const last = parsed.at(-1)
    const order = last?.kind === 'DropStmt' ? 3 : proposal.after ? 2 : parsed.some(({ kind }) => kind === 'DropStmt') ? 1 : 0
    if (last && !proposal.after && 'IndexStmt' in last.tree) {
      // Another proposal may make the same one.
      const { idxname = '', relation } = last.tree.IndexStmt
      statements.push(`drop index ${relation?.schemaname ? `${identifier(relation.schemaname)}.` : ''}${identifier(idxname)}`)
    }
    const says = await rolledBack(client, statements)
    if (says?.code === NOT_IN_A_TRANSACTION) outside.push({ proposal, statements, order })
    else if (says) refusals.push({ ...proposal, says: says.message })
  }
  for (const { proposal, statements, order } of outside.sort((a, b) => a.order - b.order)) {
    const drop = statements.at(-1) ?? ''
    if (order === 3 && dropped.has(drop)) continue
    if (order === 3) dropped.add(drop)
    const says = await forGood(client, statements)
    if (says !== null) refusals.push({ ...proposal, says: says.message })
  }
  return refusals
}

interface Said {
  code?: string
  message: string
}

async function rolledBack(client: Client, statements: string[]): Promise<Said | null> {
  await client.query('begin')
  try {
    for (const statement of statements) await client.query(statement)
    return null
  } catch (error) {
    return said(error)
  } finally {
    await client.query('rollback')
  }
}

async function forGood(client: Client, statements: string[]): Promise<Said | null> {
  try {
    for (const statement of statements) {
      await client.query(statement)
      const [, setting] = /^alter system set (\S+)/i.exec(statement) ?? []
      if (setting) await client.query(`alter system reset ${setting}`)
    }
    return null
  } catch (error) {
    return said(error)
  } finally {
    await client.query('reset all') // a command's statements begin with time-outs of their own
  }
}

const said = (error: unknown): Said =>
  error instanceof Error ? { message: error.message, code: 'code' in error ? String(error.code) : undefined } : { message: String(error) }
