import type { Place, Task } from '../../history/memory'
import { sampleActivity } from '../../history/sample-activity'
import { sampleBlocks } from '../../history/sample-blocks'
import { sampleCounters } from '../../history/sample-counters'
import { sampleIds } from '../../history/sample-ids'
import { sampleIndexes, sampleSizes } from '../../history/sample-indexes'
import { sampleIo } from '../../history/sample-io'
import { sampleReplication } from '../../history/sample-replication'
import { sampleSequences } from '../../history/sample-sequences'
import { sampleSettings } from '../../history/sample-settings'
import { sampleStatements } from '../../history/sample-statements'
import { sampleTableSizes } from '../../history/sample-table-sizes'
import { sampleTables } from '../../history/sample-tables'
import type { Result } from '../../server/problem'
import type { SamplingSettings } from './sampling-settings'

export const HOUR_MS = 3_600_000
/** As fine as the blocks of relations are kept. */
const BLOCKS_MS = 600_000

interface ServerTask {
  name: string
  everyMs: number
  run: Task
}

export interface DatabaseTask {
  name: string
  everyMs: number
  run: (place: Place, database: string) => Promise<Result<null>>
}

/** Tasks that are dear: asking for a sample now, or a server that came back, is no reason to do them again. */
export const HOURLY = new Set(['sizes', 'table sizes', 'indexes', 'ids', 'sequences', 'roll up'])

/** What is looked at, the most pressing first; counters come before what needs their names of databases. */
export const tasksOf = ({ activityMs, statementsMs }: SamplingSettings): { ofServer: ServerTask[]; ofDatabases: DatabaseTask[] } => ({
  ofServer: [
    { name: 'counters', everyMs: activityMs, run: sampleCounters },
    { name: 'activity', everyMs: activityMs, run: sampleActivity },
    { name: 'replication', everyMs: activityMs, run: sampleReplication },
    { name: 'statements', everyMs: statementsMs, run: sampleStatements },
    { name: 'settings', everyMs: statementsMs, run: sampleSettings },
    { name: 'io', everyMs: statementsMs, run: sampleIo },
    { name: 'ids', everyMs: HOUR_MS, run: sampleIds },
    { name: 'sizes', everyMs: HOUR_MS, run: sampleSizes },
  ],
  ofDatabases: [
    { name: 'tables', everyMs: statementsMs, run: sampleTables },
    { name: 'blocks', everyMs: BLOCKS_MS, run: sampleBlocks },
    { name: 'sequences', everyMs: HOUR_MS, run: sampleSequences },
    { name: 'indexes', everyMs: HOUR_MS, run: sampleIndexes },
    { name: 'table sizes', everyMs: HOUR_MS, run: sampleTableSizes },
  ],
})

/** ms until the next whole multiple of the interval: samples of all servers and workers fall into the same buckets. */
export const untilDue = (wall: number, everyMs: number): number => (Math.floor(wall / everyMs) + 1) * everyMs - wall
