'use client'
import { indexScript } from '@/app/[server]/db/[database]/indexes/actions'
import { copyText } from '../ui/copy-text'
import { notify } from '../ui/notify'
import type { ScriptKind } from './page-actions'

/** Copies SQL that the server writes; ids null: of every index that asks for it. Nothing runs. */
export function useScripts(server: string, database: string) {
  return async (kind: ScriptKind, ids: number[] | null): Promise<void> => {
    const script = await indexScript(server, database, kind, ids)
    if (!script.ok) return notify('error', script.problem.message, script.problem.hint)
    const { sql, statements } = script.value
    if (await copyText(sql)) await notify('success', `${statements} ${statements === 1 ? 'statement' : 'statements'} copied`)
    else await notify('error', 'The browser did not let the console write to the clipboard')
  }
}
