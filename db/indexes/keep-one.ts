import type { IndexFinding } from './index-finding'

const goes = (finding: IndexFinding | undefined): boolean => finding?.verdict === 'redundant' || finding?.verdict === 'unused'

/**
 * Of indexes that could stand in for each other never are all proposed: what stands in for one that goes is not called unused
 * beside it. Once that is gone it is judged by itself. Pure; `standsInFor` names by indexrelid what each would be kept for.
 */
export function keepOne(findings: IndexFinding[], standsInFor: Map<number, { indexrelid: number }[]>): IndexFinding[] {
  const byOid = new Map(findings.map((finding) => [finding.indexrelid, finding]))
  return findings.map((finding) => {
    if (finding.verdict !== 'unused') return finding
    const other = standsInFor
      .get(finding.indexrelid)
      ?.map(({ indexrelid }) => byOid.get(indexrelid))
      .find(goes)
    if (!other) return finding
    const reason = `it stands in for ${other.indexrelname}, which goes first`
    return {
      ...finding,
      verdict: 'not-scanned',
      rule: `Not scanned: no scan was seen, but ${reason}. Then it is judged by itself.`,
      reclaimBytes: 0,
      unusedWithheld: reason,
      unusedSince: null,
    }
  })
}
