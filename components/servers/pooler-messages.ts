import type { Connected } from '@/db/server/test-connection'

const WORDS: Record<NonNullable<Connected['pooler']>, string> = {
  session: 'Connected through a pooler in session mode: pages and runs work.',
  transaction:
    "Connected through a pooler in transaction mode: pages work, runs are refused. For runs, give the server's own address, often the same host with port 5432.",
  unknown:
    "Connected through a pooler that may not keep a session for a run: pages work, runs are refused. For runs, give the server's own address.",
}

/** What a pooler between the console and a server means for pages and runs. */
export const poolerWords = (pooler: NonNullable<Connected['pooler']>): string => WORDS[pooler]
