import { readFile } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { z } from 'zod'
import { writeAnew } from '../embedded/data-files'
import { type ChainState, verifyAudit } from './audit-chain'
import { auditKey } from './audit-key'
import type { ConsoleDb } from './client'

/** Newest hashes by console database; beside the database, so that whoever owns it cannot reach them. */
const heads = z.record(z.string(), z.object({ hash: z.string(), entries: z.number(), at: z.string() }))
type Heads = z.output<typeof heads>

const FILE = 'audit-heads.json'

/** Which console database a head is of: the embedded one has another port at each start. */
function nameOf(url: string | undefined): string {
  if (!url || !URL.canParse(url)) return 'embedded'
  const { host, pathname } = new URL(url)
  return `${host}${pathname}`
}

/** Errors: throws where the file is not what was written; nothing is kept over it then, as it may be the trace of a tampering. */
async function read(folder: string): Promise<Heads> {
  const file = path.join(folder, FILE)
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}'
    throw error
  })
  try {
    return heads.parse(JSON.parse(text))
  } catch {
    throw new Error(
      `${file} is not whole: put it back from a backup, or remove it once the audit was verified against a newest hash that was kept elsewhere`,
    )
  }
}

/** The newest hash that a console with this data folder saw; `url`: PROCTOR_DATABASE_URL, undefined for the embedded one. */
export async function keptHead(folder: string, url: string | undefined): Promise<string | undefined> {
  return (await read(folder))[nameOf(url)]?.hash
}

async function keepHead(folder: string, url: string | undefined, { head: hash, entries, checkedAt: at }: ChainState & { head: string }) {
  await writeAnew(path.join(folder, FILE), JSON.stringify({ ...(await read(folder)), [nameOf(url)]: { hash, entries, at } }))
}

/** A long audit takes a second or two to follow; who reloads the page gets the same answer for a minute. */
const KEEP_MS = 60_000

const shared = globalThis as { proctorAuditChain?: { until: number; state: Promise<ChainState> } }

/**
 * What verifyAudit finds, at most once a minute for one process; the answer says when it looked, and a broken chain is
 * looked at again. The newest hash of a chain that fits is kept in the data folder, for the next look.
 */
export async function auditChain(db: ConsoleDb): Promise<ChainState> {
  const kept = shared.proctorAuditChain
  if (kept && performance.now() < kept.until) return kept.state
  const entry = { until: performance.now() + KEEP_MS, state: look(db) }
  shared.proctorAuditChain = entry
  const forget = () => {
    entry.until = 0
  }
  entry.state.then(({ unbroken }) => unbroken || forget(), forget)
  return entry.state
}

async function look(db: ConsoleDb): Promise<ChainState> {
  const { PROCTOR_DATA_DIR: folder, PROCTOR_DATABASE_URL: url } = process.env
  const head = folder && (await keptHead(folder, url))
  const state = await verifyAudit(db, { key: auditKey(), heads: head ? [head] : [] })
  if (folder && state.unbroken && state.ranges.at(-1)?.by === 'keyed') await keepHead(folder, url, state)
  return state
}
