'use client'
import type { LiveAnswer } from '../live/fetch-live'
import { useLive } from '../live/use-live'
import { useAnswerRead, useMayAct } from '../shell/page-status'
import { PageHead } from '../ui/page-head'
import { ProblemPanel } from '../ui/problem-panel'
import { FilesCard } from './files-card'
import { GrowersCard } from './growers-card'
import { GrowthCard } from './growth-card'
import { MapCard } from './map-card'
import type { StorageAnswer } from './storage-answers'
import { storageEvidence, storageTitle } from './storage-messages'
import { TablespacesCard } from './tablespaces-card'
import { VolumeCard } from './volume-card'

interface StorageViewProps {
  server: string
  database: string
  mayRun: boolean
  initial: LiveAnswer<StorageAnswer>
}

/** The page of a server's space: when it is full, what takes it, what grows. */
export function StorageView({ server, database, mayRun: allowed, initial }: StorageViewProps) {
  const mayRun = useMayAct(allowed)
  const { answer = initial, failed } = useLive('storage', { server, database }, { everyMs: 30_000, initial })
  useAnswerRead(answer, failed)
  if (!answer.ok)
    return (
      <>
        <PageHead eyebrow="Storage" title="The storage could not be read." />
        <ProblemPanel problem={answer.problem} />
      </>
    )
  const now = Date.parse(answer.at)
  const storage = answer.value
  return (
    <>
      <PageHead eyebrow="Storage" title={storageTitle(storage, now)}>
        {storageEvidence(storage, now)}
      </PageHead>
      <div className="grid gap-4">
        <VolumeCard server={server} answer={storage} readAt={answer.at} mayRun={mayRun} />
        <MapCard server={server} database={database} />
        <div className="grid gap-4 lg:grid-cols-[1.25fr_1fr]">
          <GrowthCard answer={storage} now={now} />
          <FilesCard answer={storage} now={now} />
        </div>
        <div className="grid items-start gap-4 lg:grid-cols-[1.25fr_1fr]">
          <GrowersCard answer={storage} server={server} database={database} now={now} />
          <TablespacesCard answer={storage} />
        </div>
      </div>
    </>
  )
}
