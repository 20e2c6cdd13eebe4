import process from 'node:process'
import { type ChainRange, type ChainState, verifyAudit } from '../db/console/audit-chain'
import { keptHead } from '../db/console/audit-head'
import { auditKey } from '../db/console/audit-key'
import { connectConsole } from '../db/console/client'
import { withConsoleDatabase } from './console-database'
import { dataFolderPath } from './data-folder'

export interface VerifyOptions {
  url?: string
  newest?: string
  json?: boolean
}

/**
 * Looks whether the audit was tampered with: exit status 0 when it fits, 1 when it does not, 2 when the key to tell by is
 * not here. The console is found by its data folder unless an address is given; the key comes from PROCTOR_SECRET or that
 * folder. Errors: throws where there is no console, or as pg does.
 */
export const verify = ({ url: given, newest, json }: VerifyOptions): Promise<{ words: string; status: 0 | 1 | 2 }> =>
  withConsoleDatabase(given, async ({ url, which, secret, own }) => {
    const { PROCTOR_DATABASE_URL, PROCTOR_DATA_DIR } = process.env
    const head = own ? await keptHead(await dataFolderPath(PROCTOR_DATA_DIR), PROCTOR_DATABASE_URL || undefined) : undefined
    const db = connectConsole(url)
    try {
      const heads = [newest, head].filter((hash) => hash !== undefined)
      const state = await verifyAudit(db, { key: secret ? auditKey(secret) : undefined, heads })
      const words = json ? JSON.stringify({ ...state, console: which }) : `${wordsOf(state, heads.length > 0)}\n${looked(state, which)}`
      return { words, status: statusOf(state) }
    } finally {
      await db.$client.end()
    }
  })

const looked = ({ entries }: ChainState, which: string): string =>
  `Verified ${entries} ${entries === 1 ? 'entry' : 'entries'} of the console ${which}.`

const isSealed = ({ entries, ranges }: ChainState): boolean => entries === 0 || ranges.at(-1)?.by === 'keyed'

const statusOf = (state: ChainState): 0 | 1 | 2 => (!state.unbroken ? 1 : isSealed(state) ? 0 : 2)

function wordsOf(state: ChainState, comparedEnd: boolean): string {
  const { entries, checkedAt } = state
  const ranges = state.ranges.map((range) => WORDS[range.by](range)).filter(Boolean)
  if (!state.unbroken)
    return [`Chain broken at entry ${state.id}: ${state.why}; ${entries} before it fit, checked ${checkedAt}`, ...ranges].join('\n')
  const found = isSealed(state) ? 'Chain unbroken' : 'Hashes unbroken, which whoever owns the database could have made anew'
  const end = comparedEnd ? [] : ['Entries cut off at the end show only against a newest hash that was kept elsewhere: --newest <hash>.']
  return [`${found}, ${entries} entries, checked ${checkedAt}, newest hash ${state.head}`, ...ranges, ...end].join('\n')
}

const those = ({ from, to, entries }: ChainRange): string => (entries === 1 ? `Entry ${from}` : `Entries ${from} to ${to}`)

const WORDS: Record<ChainRange['by'], (range: ChainRange) => string | undefined> = {
  keyed: () => undefined,
  unkeyed: (range) => `${those(range)}: without a key, from before entries carried one; a keyed entry after them covers them from then on.`,
  'other key': (range) =>
    `${those(range)}: under another key, such as a former PROCTOR_SECRET's; not checked by it. An entry after them under the present key covers them from then on.`,
  'not checked': (range) =>
    `${those(range)}: their key was not checked. Set PROCTOR_SECRET to the console's, or run this where its data folder is.`,
}
