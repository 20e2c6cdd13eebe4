import Link from 'next/link'
import type { ReactNode } from 'react'
import { classes } from '../ui/class-names'
import { PageHead } from '../ui/page-head'
import { GUIDE_TABS, type GuideTabKey } from './tabs'

interface GuideHeadProps {
  server: string
  database: string
  tab: GuideTabKey
  title: ReactNode
  actions?: ReactNode
  /** The line of evidence. */
  children?: ReactNode
}

/** The opening of each page of the guide, and the tabs that lead to the others. */
export function GuideHead({ server, database, tab, title, actions, children }: GuideHeadProps) {
  const base = `/${encodeURIComponent(server)}/db/${encodeURIComponent(database)}/guide`
  const label = GUIDE_TABS.find(({ key }) => key === tab)?.label
  return (
    <>
      <PageHead eyebrow={`LMS guide / ${label}`} title={title} actions={actions}>
        {children}
      </PageHead>
      <nav aria-label="Parts of the guide" className="mb-3 flex min-w-0 gap-1.5 overflow-x-auto p-0.5">
        {GUIDE_TABS.map(({ key, label: name, path, count }) => (
          <Link
            key={key}
            href={`${base}${path}`}
            aria-current={key === tab ? 'page' : undefined}
            className={classes(
              'inline-flex h-7 items-center gap-1.5 rounded-control border px-[9px] text-cell font-medium whitespace-nowrap no-underline max-sm:h-10',
              key === tab ? 'border-line-2 bg-surface text-ink' : 'border-transparent text-ink-2 hover:bg-sunken',
            )}
          >
            {name}
            <span className="text-ink-3">{count}</span>
          </Link>
        ))}
      </nav>
    </>
  )
}
