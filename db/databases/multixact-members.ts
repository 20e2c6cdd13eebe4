import { ok, type Result } from '../server/problem'
import { runRead } from '../server/run-read'
import type { Target } from '../server/target'
import { multixactMembers } from './reads/multixact-members'

/** Offsets of members have 32 bits (MaxMultiXactOffset in multixact.h). */
const ALL = 2 ** 32

/** The share of the members' space in use, 0 … 1, at most; null where it has no end. Errors: insufficient_privilege for most roles. */
export async function membersUsed(target: Target): Promise<Result<number | null>> {
  const read = await runRead(target, multixactMembers, {})
  if (!read.ok) return read
  const members = read.value[0]?.members ?? null
  return ok(members === null ? null : Number(members) / ALL)
}
