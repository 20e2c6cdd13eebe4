import { createLoader, parseAsStringLiteral } from 'nuqs/server'
import { timeRangeParams } from '../time/time-range'

/** The state of the page, all of it in the address. */
export const replicationParams = { lag: parseAsStringLiteral(['seconds', 'bytes'] as const).withDefault('seconds'), ...timeRangeParams }

export const loadReplicationParams = createLoader(replicationParams)
