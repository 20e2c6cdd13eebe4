import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { mayRun, requireUser } from '@/app/session'
import { Shell } from '@/app/shell'
import { RunView } from '@/components/run/run-view'
import { readRun } from '../run-reads'

type Props = PageProps<'/runs/[id]'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { id } = await params
  return { title: `Run #${id}` }
}

export default async function RunPage({ params }: Props) {
  const user = await requireUser()
  const { id } = await params
  const answer = await readRun(id)
  if (!answer.ok) notFound()
  return (
    <Shell
      crumbs={[{ label: 'Runs', href: '/runs' }, { label: `#${id}` }]}
      server={answer.value.run.serverId}
      database={answer.value.run.database}
      active="runs"
    >
      <RunView initial={{ ...answer, at: new Date().toISOString() }} mayRun={mayRun(user)} />
    </Shell>
  )
}
