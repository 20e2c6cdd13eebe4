import { wraparoundCheck } from '../wraparound'

/** https://www.postgresql.org/docs/current/routine-vacuuming.html#VACUUM-FOR-WRAPAROUND */
export const transactionWraparound = wraparoundCheck(
  'transaction-wraparound',
  'The oldest transaction ID of a database is twice as old as autovacuum lets one become, or near the age at which VACUUM drops all delays',
  {
    check: 'xid',
    noun: 'transaction',
    age: ({ xid_age: age }) => age,
    next: ({ next_xid: next }) => BigInt(next),
    freezeAt: ({ autovacuum_freeze_max_age: at }) => at,
    failsafe: ({ vacuum_failsafe_age: at }) => at,
    daily: async (past) => (await past?.ids?.())?.xids,
  },
)
