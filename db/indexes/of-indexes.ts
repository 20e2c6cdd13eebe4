import type { Finding, Gain, Past } from '../checks/define-check'
import { qualified } from '../server/identifiers'
import { ok, type Result } from '../server/problem'
import type { Target } from '../server/target'
import type { Trust } from '../server/trust'
import { readTableFindings } from '../tables/table-health'
import type { IndexFinding } from './index-finding'
import { indexHealth, type PartProblem } from './index-health'

/** What a check on indexes says of those that it picks; the rest it takes from the verdict. */
interface Words {
  picks: (index: IndexFinding) => boolean
  title: (name: string, index: IndexFinding) => string
  severity: (index: IndexFinding) => Finding['severity']
  trust?: (index: IndexFinding) => Trust
  fix: (index: IndexFinding) => Finding['fix']
  sql: (index: IndexFinding) => string | null
  /** What the command gives, where the bytes of the index's table matter for that. */
  gain?: (index: IndexFinding, heap: number | null) => Gain | null
  /** The part without which nothing can be said; its problem is then the check's. */
  needs?: PartProblem['part']
}

/** A check on the verdicts that the index page shows, the largest gain first. */
export const ofIndexes =
  (words: Words) =>
  async (target: Target, past?: Past): Promise<Result<Finding[]>> => {
    const health = await indexHealth(target, [], await past?.indexes?.(target.database))
    if (!health.ok) return health
    const missing = health.value.problems.find(({ part }) => part === words.needs)
    if (missing) return { ok: false, problem: missing.problem }
    const found = health.value.findings.filter(words.picks).sort((a, b) => b.reclaimBytes - a.reclaimBytes)
    const heaps = words.gain && found.length > 0 ? await heapsOf(target) : undefined
    return ok(
      found.map((index) => {
        const name = qualified(index.schemaname, index.indexrelname)
        const gain = heaps && words.gain?.(index, heaps.get(index.relid) ?? null)
        return {
          kind: 'relation',
          what: 'index',
          title: words.title(name, index),
          evidence: index.rule,
          trust: words.trust?.(index) ?? { kind: 'exact' },
          severity: words.severity(index),
          schemaname: index.schemaname,
          relname: index.indexrelname,
          oid: index.indexrelid,
          fix: words.fix(index),
          sql: words.sql(index),
          ...(gain && { gain }),
        }
      }),
    )
  }

/** Bytes of tables by OID, those of a partitioned one together; none where they cannot be read. */
async function heapsOf(target: Target): Promise<Map<number, number | null>> {
  const read = await readTableFindings(target)
  return new Map(read.ok ? read.value.map(({ relid, bytes }) => [relid, bytes]) : [])
}
