'use client'
import { toast } from 'sonner'
import { indexScript } from '@/app/[server]/db/[database]/indexes/actions'
import { copyText } from '../ui/copy-text'
import type { ScriptKind } from './page-actions'

/** Copies SQL that the server writes; ids null: of every index that asks for it. Nothing runs. */
export function useScripts(server: string, database: string) {
  return async (kind: ScriptKind, ids: number[] | null): Promise<void> => {
    const script = await indexScript(server, database, kind, ids)
    if (!script.ok) return void toast.error(script.problem.message, { description: script.problem.hint })
    const { sql, statements } = script.value
    if (await copyText(sql)) toast.success(`${statements} ${statements === 1 ? 'statement' : 'statements'} copied`)
    else toast.error('The browser did not let the console write to the clipboard')
  }
}
