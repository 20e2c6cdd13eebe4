import { AUTOVACUUM } from './autovacuum'
import { CHECKPOINTS } from './checkpoints'
import { CONNECTIONS } from './connections'
import type { Parameter } from './define-parameter'
import { INPUT_OUTPUT } from './io'
import { LOGGING } from './logging'
import { MEMORY } from './memory'
import { PARALLEL } from './parallel'
import { PLANNER } from './planner'
import { STATISTICS } from './statistics'
import { WRITE_AHEAD_LOG } from './wal'

interface Topic {
  topic: string
  parameters: readonly Parameter[]
  /** Taken by nobody who did not choose it: what a log holds is a matter of privacy and disk, not of the machine. */
  onlyIfChosen?: true
}

/** Every setting that is recommended, by topic: also the allow-list of what may be changed from the console. */
export const TOPICS: readonly Topic[] = [
  { topic: 'Memory', parameters: MEMORY },
  { topic: 'Connections', parameters: CONNECTIONS },
  { topic: 'Parallel workers', parameters: PARALLEL },
  { topic: 'Write-ahead log', parameters: WRITE_AHEAD_LOG },
  { topic: 'Checkpoints', parameters: CHECKPOINTS },
  { topic: 'Input and output', parameters: INPUT_OUTPUT },
  { topic: 'Planner', parameters: PLANNER },
  { topic: 'Autovacuum', parameters: AUTOVACUUM },
  { topic: 'Logging', parameters: LOGGING, onlyIfChosen: true },
  { topic: 'Statistics', parameters: STATISTICS },
]

export const PARAMETERS: readonly Parameter[] = TOPICS.flatMap(({ parameters }) => parameters)
export const PARAMETER_NAMES: readonly string[] = PARAMETERS.map(({ name }) => name)
