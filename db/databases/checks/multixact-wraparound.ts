import { formatPercent } from '../../domain/format'
import { membersUsed } from '../multixact-members'
import { wraparoundCheck } from '../wraparound'

/** https://www.postgresql.org/docs/current/routine-vacuuming.html#VACUUM-FOR-MULTIXACT-WRAPAROUND */
export const multixactWraparound = wraparoundCheck(
  'multixact-wraparound',
  'The oldest multixact ID of a database is twice as old as autovacuum lets one become, or near the age at which VACUUM drops all delays',
  {
    check: 'mxid',
    noun: 'multixact',
    age: ({ mxid_age: age }) => age,
    next: ({ next_mxid: next }) => BigInt(next),
    freezeAt: ({ autovacuum_multixact_freeze_max_age: at }) => at,
    failsafe: ({ vacuum_multixact_failsafe_age: at }) => at,
    daily: async (past) => (await past?.ids?.())?.mxids,
    beside: async (target) => {
      const used = await membersUsed(target)
      if (!used.ok)
        return ` How full the space of their members is, is not known: only a superuser, or a role with EXECUTE on pg_ls_dir(text), sees the files of pg_multixact/members.`
      return used.value === null ? '' : ` Of the space of their members at most ${formatPercent(used.value)} is in use.`
    },
  },
)
