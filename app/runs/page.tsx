import type { Metadata } from 'next'
import Link from 'next/link'
import { requireUser } from '@/app/session'
import { Shell } from '@/app/shell'
import { plural } from '@/components/format'
import { RunFilters } from '@/components/runs/run-filters'
import { loadRunSearch } from '@/components/runs/run-search'
import { runsTitle } from '@/components/runs/runs-messages'
import { RunsRefresh } from '@/components/runs/runs-refresh'
import { RunsTable } from '@/components/runs/runs-table'
import { ReadAt } from '@/components/shell/data-age'
import { PageHead } from '@/components/ui/page-head'
import { EmptyState } from '@/components/ui/problem-panel'
import { listServers } from '@/db/console/servers'
import { countOpenRuns } from '@/db/runs/runs'
import { readRuns } from './run-reads'

export const metadata: Metadata = { title: 'Runs' }

const PER_PAGE = 100

export default async function RunsPage({ searchParams }: PageProps<'/runs'>) {
  await requireUser()
  const asked = await loadRunSearch(searchParams)
  const [found, open, servers] = await Promise.all([readRuns(asked, PER_PAGE + 1), countOpenRuns(), listServers()])
  const now = new Date().toISOString()
  const shown = found.slice(0, PER_PAGE)
  const filtered = asked.show !== 'all' || asked.q !== '' || asked.server !== null || asked.batch !== null
  const address = (before?: string) => {
    const entries = Object.entries({ ...asked, before: before ?? null })
    return `?${new URLSearchParams(entries.flatMap(([key, value]) => (value && value !== 'all' ? [[key, value]] : [])))}`
  }
  return (
    <Shell crumbs={[{ label: 'Runs' }]} active="runs">
      <ReadAt at={now} />
      <RunsRefresh active={shown.some(({ run }) => ['queued', 'running', 'cancelling'].includes(run.state))} />
      <PageHead eyebrow="Runs" title={runsTitle(open, shown, asked.batch !== null)}>
        All runs on your servers, newest first. Times are UTC.
      </PageHead>
      <RunFilters servers={servers.map(({ id, name }) => ({ id, name }))} />
      <RunsTable
        runs={shown}
        now={now}
        empty={
          <EmptyState title={filtered ? 'No run matches.' : 'No runs yet.'}>
            {filtered
              ? `${plural(open, 'active run', 'active runs')} in all.`
              : 'Rebuild an index or vacuum a table, and its run is listed here.'}
          </EmptyState>
        }
      />
      <nav aria-label="More runs" className="mt-3 flex gap-4">
        {asked.before && <Link href={address()}>Newest</Link>}
        {found.length > PER_PAGE && <Link href={address(shown.at(-1)?.run.id)}>Older</Link>}
      </nav>
    </Shell>
  )
}
