'use client'
import { indexScript } from '@/app/[server]/db/[database]/indexes/actions'
import { copyText } from '../ui/copy-text'
import { notify } from '../ui/notify'
import type { ScriptKind } from './page-actions'

/** A part of a script that the server writes: of these indexes, or, ids null, of every index that asks for it. */
export interface ScriptPart {
  kind: ScriptKind
  ids: number[] | null
}

/** Copies SQL, part by part, and statements that are known already. Nothing runs. */
export function useScripts(server: string, database: string) {
  return async (parts: ScriptPart[], known: string[] = []): Promise<void> => {
    const texts: string[] = []
    let statements = known.length
    for (const { kind, ids } of parts) {
      const script = await indexScript(server, database, kind, ids)
      if (!script.ok) return notify('error', script.problem.message, script.problem.hint)
      texts.push(script.value.sql.trimEnd())
      statements += script.value.statements
    }
    if (await copyText(`${[...texts, ...known].join('\n\n')}\n`))
      await notify('success', `${statements} ${statements === 1 ? 'statement' : 'statements'} copied`)
    else await notify('error', 'The browser blocked access to the clipboard')
  }
}
