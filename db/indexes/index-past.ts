import { UNUSED_AFTER_DAYS } from '../domain/unused-after'
import type { Result } from '../server/problem'
import type { Target } from '../server/target'

/** Another server of the same cluster. */
export interface Peer {
  name: string
  /** In the same database; or why it cannot be asked. */
  target: Result<Target>
}

/** A counter of scans in a sample. `at`: no later than this, ISO 8601. */
export interface SampledScans {
  scans: string
  at: string
}

/** What the indexes of a database cannot tell themselves: how old they are, and who else scans them. */
export interface IndexPast {
  /** Seconds without a scan that are asked for before an index is called unused. */
  unusedAfter: number
  /** When Proctor first saw each index, ISO 8601: by the OID of the database, and its own. A database made anew has another. */
  seen: Map<number, Map<number, string>>
  /**
   * Scans of each index as sampled last before so long ago as `unusedAfter` asks for: by the OID of the database, and its own. Left out: nobody
   * has sampled. Where the server tells no last scan, before 16, a counter that still stands there has not moved since.
   */
  sampled?: Map<number, Map<number, SampledScans>>
  /** Somebody says that every index is older than this; ISO 8601. */
  vouched: string | null
  peers: Peer[]
  /** How one settles what is not known, in sentences. */
  remedies: Remedies
}

export interface Remedies {
  /** A server of the cluster that is not among the peers. */
  peers: string
  /** An index of which nobody knows how old it is. */
  age: string
}

/** Without a console nobody has watched. */
export const UNWATCHED: IndexPast = {
  unusedAfter: UNUSED_AFTER_DAYS * 86_400,
  seen: new Map(),
  vouched: null,
  peers: [],
  remedies: {
    peers: 'Add it to the console, or give its address with --standby.',
    age: 'The console judges it when it has watched it long enough; --indexes-older-than states its age right away.',
  },
}
