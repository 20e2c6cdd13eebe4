import type { Past } from '../checks/define-check'
import { typedVolume } from '../console/server-volumes'
import { endedNights } from '../runs/policies'
import { volumeOf } from '../server/local-disk'
import { counterTotals } from './counters'
import { indexPast } from './index-first-seen'
import { delayedStandbys, slotsReadUntil } from './replication'
import { statementTotals } from './statements'
import { dailyGrowth, dailySizes } from './storage'
import { dailyIds, dailySequences } from './used-up'

/** As many statements, those with the most time first, are looked through. */
const MOST = 2_000

/** What was sampled of a server, for checks. */
export const pastOf = (serverId: string): Past => ({
  statements: async (database, from, to) => {
    const { statements } = await statementTotals(serverId, { from, to }, { filter: { datname: database }, limit: MOST })
    return statements.map(({ queryid, userid, dbid, toplevel, rolname, query, calls, ...sums }) => ({
      ...{ queryid, userid, dbid, toplevel, rolname, query, calls },
      total: sums.total_exec_time,
      squares: sums.exec_time_squares,
      tempWritten: sums.temp_blks_written,
    }))
  },
  counters: (database, from, to) => counterTotals(serverId, { from, to }, database ?? undefined),
  slotsRead: () => slotsReadUntil(serverId),
  sizes: (from, to) => dailySizes(serverId, { from, to }),
  growth: (database, since) => dailyGrowth(serverId, database, since),
  ids: () => dailyIds(serverId),
  sequences: (database) => dailySequences(serverId, database),
  volume: async (place) => ({
    measured: place?.directory ? await volumeOf({ dataDirectory: place.directory, postmasterStart: place.started }) : null,
    typed: (await typedVolume(serverId))?.bytes ?? null,
  }),
  nights: (database) => endedNights(serverId, database),
  delayed: () => delayedStandbys(serverId),
  indexes: (database) => indexPast(serverId, database),
})
