'use client'
import { useCallback, useEffect, useRef, useState, useTransition } from 'react'
import { previewCommands } from '@/app/runs/actions'
import type { CommandRequest } from '@/db/domain/command-request'
import type { PreviewedResult } from './preview'

/** Plans commands and checks them, and again whenever they change or somebody asks. The former answer stays meanwhile. */
export function usePreview(server: string, database: string, requests: CommandRequest[], open: boolean) {
  const [result, setResult] = useState<PreviewedResult>()
  const [busy, start] = useTransition()
  const latest = useRef(0)
  const asked = JSON.stringify(requests)
  const ask = useCallback(() => {
    const turn = ++latest.current
    start(async () => {
      const answer = await previewCommands(server, database, JSON.parse(asked))
      if (turn === latest.current) setResult(answer)
    })
  }, [server, database, asked])
  useEffect(() => {
    if (open) ask()
    else {
      latest.current++ // an answer that is still on its way is not for the next opening
      setResult(undefined)
    }
  }, [open, ask])
  return { result, busy, checkAgain: ask }
}
