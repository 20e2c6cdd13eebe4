'use client'
import { useState } from 'react'
import { updateExtensionRequest } from '@/db/commands/update-extension/request'
import type { CommandRequest } from '@/db/domain/command-request'
import type { ExtensionList } from '@/db/extensions/list-extensions'
import { CommandDialog } from '../indexes/command-dialog'
import type { LiveAnswer } from '../live/fetch-live'
import { useLive } from '../live/use-live'
import { useAnswerRead, useMayAct } from '../shell/page-status'
import { PageHead } from '../ui/page-head'
import { ProblemPanel } from '../ui/problem-panel'
import { AvailableTable } from './available-table'
import { extensionsEvidence, extensionsTitle } from './extension-messages'
import { InstalledTable } from './installed-table'

interface ExtensionsViewProps {
  server: string
  database: string
  mayRun: boolean
  initial: LiveAnswer<ExtensionList>
}

/** What a database was extended by, and whether the server's files bring another version of it. */
export function ExtensionsView({ server, database, mayRun: allowed, initial }: ExtensionsViewProps) {
  const mayRun = useMayAct(allowed)
  const { answer = initial, failed } = useLive('extensions', { server, database }, { everyMs: 60_000, initial })
  const [asked, setAsked] = useState<CommandRequest[]>([])
  useAnswerRead(answer, failed)
  if (!answer.ok)
    return (
      <>
        <PageHead eyebrow="Extensions" title="The extensions could not be read." />
        <ProblemPanel problem={answer.problem} />
      </>
    )
  const { installed, available } = answer.value
  return (
    <>
      <PageHead eyebrow="Extensions" title={extensionsTitle(answer.value)}>
        {extensionsEvidence(answer.value)}
      </PageHead>
      <InstalledTable installed={installed} mayRun={mayRun} onUpdate={(extension) => setAsked([updateExtensionRequest({ extension })])} />
      <AvailableTable available={available} />
      <CommandDialog server={server} database={database} commands={asked} onClose={() => setAsked([])} />
    </>
  )
}
