import { Download } from 'lucide-react'
import type { Metadata } from 'next'
import Link from 'next/link'
import { Suspense } from 'react'
import { requireUser } from '@/app/session'
import { Shell } from '@/app/shell'
import { AuditFilters } from '@/components/audit/audit-filters'
import { AuditTable } from '@/components/audit/audit-table'
import { ChainLine } from '@/components/audit/chain-line'
import { plural } from '@/components/format'
import { ago } from '@/components/format-time'
import { ReadAt } from '@/components/shell/data-age'
import { buttonClass } from '@/components/ui/button'
import { PageHead } from '@/components/ui/page-head'
import { auditChain } from '@/db/console/audit-head'
import { consoleDb } from '@/db/console/client'
import { auditChoices, auditFilter, countAudit, readAudit } from '@/db/console/read-audit'

export const metadata: Metadata = { title: 'Audit' }

const PER_PAGE = 100

type Search = Promise<Record<string, string | string[] | undefined>>

export default async function AuditPage({ searchParams }: { searchParams: Search }) {
  await requireUser()
  const asked = await searchParams
  const filter = auditFilter.parse(asked)
  const before = typeof asked.before === 'string' && /^\d{1,18}$/.test(asked.before) ? asked.before : undefined
  const [entries, total, choices] = await Promise.all([readAudit(filter, PER_PAGE + 1, before), countAudit(filter), auditChoices()])
  const now = new Date().toISOString()
  const filtered = Object.values(filter).some(Boolean)
  const shown = entries.slice(0, PER_PAGE)
  const [latest] = shown
  const address = (more: Record<string, string>) =>
    `?${new URLSearchParams({ ...Object.fromEntries(Object.entries(filter).flatMap(([key, value]) => (value ? [[key, value]] : []))), ...more })}`
  return (
    <Shell crumbs={[{ label: 'Audit' }]} active="audit">
      <ReadAt at={now} />
      <PageHead
        eyebrow="Audit"
        title={`${plural(total, 'entry', 'entries')}${filtered ? ` ${total === 1 ? 'matches' : 'match'}` : ''}${latest && !before ? `, the latest ${ago(latest.at, now)}` : ''}.`}
        actions={
          // A download, which the router cannot follow.
          <a href={`/audit/export${address({})}`} download className={buttonClass()}>
            <Download aria-hidden />
            Export CSV
          </a>
        }
      >
        Who changed, requested or exported what, when, with the exact SQL. Times are UTC; entries cannot be changed or removed.
      </PageHead>
      <Suspense fallback={<p className="mb-3 text-cell text-ink-3">Following the chain of entries …</p>}>
        <Chain />
      </Suspense>
      <AuditFilters {...choices} />
      <AuditTable entries={shown} filtered={filtered} now={now} />
      <nav aria-label="More entries" className="mt-3 flex gap-4">
        {before && <Link href={address({})}>Newest</Link>}
        {entries.length > PER_PAGE && <Link href={address({ before: shown.at(-1)?.id ?? '' })}>Older</Link>}
      </nav>
    </Shell>
  )
}

const Chain = async () => <ChainLine state={await auditChain(consoleDb())} />
