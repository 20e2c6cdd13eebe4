import { wraparoundCheck } from '../wraparound'

/**
 * IDs alone: how full the space of their members is, no view of these majors tells.
 * https://www.postgresql.org/docs/current/routine-vacuuming.html#VACUUM-FOR-MULTIXACT-WRAPAROUND
 */
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
  },
)
