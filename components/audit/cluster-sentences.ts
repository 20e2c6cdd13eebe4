type Detail = Record<string, unknown>

interface Stood {
  systemIdentifier?: string | null
  timeline?: number | null
  standbySince?: unknown
  inRecovery?: boolean
}

const stood = (given: unknown): Stood => (typeof given === 'object' && given !== null ? given : {})

/** cluster 7512…, timeline 2, a standby */
function clusterWords({ systemIdentifier, timeline, inRecovery }: Stood): string {
  const words = [`cluster ${systemIdentifier}`]
  if (timeline !== null && timeline !== undefined) words.push(`timeline ${timeline}`)
  if (inRecovery) words.push('a standby')
  return words.join(', ')
}

/** What a look at a server's identity has shown, against its record. */
const looked =
  (words: (recorded: Stood, seen: Stood) => string) =>
  ({ recorded, seen }: Detail): string =>
    words(stood(recorded), stood(seen))

/** A lower timeline is no promotion: a former primary is back at the address. */
function promotionWords(recorded: Stood, seen: Stood): string {
  const [before, after] = [recorded.timeline ?? 0, seen.timeline ?? 0]
  if (after < before) return `Timeline ${before} → ${after}: a server of the same cluster answers that was not promoted`
  return `${recorded.standbySince ? 'Promoted' : 'Promoted, or recovered to a point in time'}: timeline ${before} → ${after}`
}

/** Which cluster the address of a server leads to: what was noticed of it, and what an administrator said. */
export const CLUSTER_SENTENCES: Record<string, (detail: Detail) => string> = {
  'cluster.seen-first': looked((_, seen) => `First seen: ${clusterWords(seen)}`),
  'cluster.another-answers': looked(
    (recorded, seen) => `Another cluster answers: ${seen.systemIdentifier} (recorded: ${recorded.systemIdentifier}); runs are held`,
  ),
  'cluster.answers-again': looked((_, seen) => `The recorded cluster answers again: ${clusterWords(seen)}`),
  'cluster.promoted': looked(promotionWords),
  'cluster.is-standby': looked((_, seen) => `A standby answers: cluster ${seen.systemIdentifier}; runs for a primary are held`),
  'cluster.is-primary': looked((_, seen) => `A primary answers: ${clusterWords(seen)}`),
  'cluster.unknown': looked(
    ({ systemIdentifier }) => `The system identifier can no longer be read (recorded: ${systemIdentifier}); runs are held`,
  ),
  'cluster.known-again': looked((_, seen) => `The system identifier can be read again: ${clusterWords(seen)}`),
  'cluster.adopted': ({ before, after, timeline, version }) =>
    `This server is now cluster ${after}, timeline ${timeline}, PostgreSQL ${version}${before ? ` (until then ${before})` : ''}`,
}
