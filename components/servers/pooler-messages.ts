import type { Connected } from '@/db/server/test-connection'

const WORDS: Record<NonNullable<Connected['pooler']>, string> = {
  session: 'A pooler is between, in session mode: pages and runs work.',
  transaction:
    "A pooler is between, in transaction mode: pages work, runs are refused. For runs, give the server's own address, often the same host with port 5432.",
  unknown:
    "A pooler is between, and whether it keeps a session for a run cannot be told: pages work, runs are refused. For runs, give the server's own address.",
}

/** What a pooler between the console and a server means for pages and runs. */
export const poolerWords = (pooler: NonNullable<Connected['pooler']>): string => WORDS[pooler]
