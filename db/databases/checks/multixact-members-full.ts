import type { Check, Finding } from '../../checks/define-check'
import { formatPercent } from '../../domain/format'
import { ok } from '../../server/problem'
import { readHolders } from '../../tables/read-holders'
import { formatHolders } from '../../tables/snapshot-holders'
import { membersUsed } from '../multixact-members'

/**
 * The space runs out before the IDs do where many sessions lock the same rows. From half of it on autovacuum freezes multixacts earlier and
 * earlier, from three quarters on all of them (MULTIXACT_MEMBER_SAFE_THRESHOLD and …_DANGER_THRESHOLD in multixact.c; manual, 24.1.5.1).
 */
const [SAFE, DANGER] = [0.5, 0.75]

/** Silent for a role that may not list pg_multixact/members: the check of multixact IDs says so in its evidence. */
export const multixactMembersAbove = ({ warn, bad }: { warn: number; bad: number }): Check => ({
  name: 'multixact-members-full',
  about: 'The space of multixact members is half used up',
  cadence: 'hour',
  scope: 'server',
  look: async (target) => {
    const used = await membersUsed(target)
    if (!used.ok) return used.problem.kind === 'insufficient_privilege' ? ok([]) : used
    if (used.value === null || used.value < warn) return ok([])
    const holders = await readHolders(target)
    if (!holders.ok) return holders
    return ok([finding(used.value, formatHolders(holders.value), bad)])
  },
})

export const multixactMembersFull = multixactMembersAbove({ warn: SAFE, bad: DANGER })

const finding = (used: number, held: string, bad: number): Finding => ({
  kind: 'server',
  name: null,
  title: `${formatPercent(used)} of the space of multixact members is in use`,
  evidence:
    'By the files of pg_multixact/members, at most that much. When it is full, statements that would lock a row which others have locked fail. From ' +
    `half of it on autovacuum freezes multixacts earlier than autovacuum_multixact_freeze_max_age says, from three quarters on all that are not needed. ${
      held === ''
        ? 'Nobody holds old rows in the connected database now: see why autovacuum is behind.'
        : `Held by ${held}: VACUUM cannot freeze beyond that.`
    }`,
  // A begun file counts whole: of 82,040 files one or two.
  trust: { kind: 'estimated', plusMinus: 0.01 },
  severity: used >= bad ? 'bad' : 'warn',
  fix: null,
  sql: 'VACUUM (FREEZE);',
})
