import { ANOTHER_CLUSTER } from './another-cluster'
import { ASLEEP } from './asleep'
import { BASIC } from './basic'
import { CLOCK, CONSOLE_CLOCK } from './clock'
import { CONSOLE_STATEMENTS, KILLED_AT_WRITES } from './console-statements'
import { CONSOLE_TROUBLES } from './console-troubles'
import { ENTRIES } from './entries'
import type { Fault, Scene } from './fault'
import { FULL_DISK } from './full-disk'
import { LAUNCHED } from './launcher'
import { MONITORED_TROUBLES } from './monitored-troubles'
import { PROMOTION } from './promotion'
import { STARTED_TWICE } from './started-twice'
import { TWO_CONSOLES } from './two-consoles'

/** In the order in which they are injected. */
export const FAULTS: (Fault | Scene)[] = [
  ...BASIC,
  ...STARTED_TWICE,
  ...ANOTHER_CLUSTER,
  ...PROMOTION,
  ...ENTRIES,
  ...TWO_CONSOLES,
  ...MONITORED_TROUBLES,
  ...FULL_DISK,
  ...CONSOLE_STATEMENTS,
  ...KILLED_AT_WRITES,
  ...CONSOLE_TROUBLES,
  ...ASLEEP,
  ...CLOCK,
  ...LAUNCHED,
  ...CONSOLE_CLOCK,
]
