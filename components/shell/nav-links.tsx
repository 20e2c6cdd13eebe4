'use client'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { count as shortCount } from '../format'
import { classes } from '../ui/class-names'
import { WhereGuide } from './guide-here'
import { usePageStatus } from './page-status'
import { type ConsolePage, shownPages } from './pages'

interface NavLinksProps {
  place?: { server: string; database: string }
  active?: string
  running?: number
  /** Of the overview, until it has been visited and says so itself. */
  findings?: number
  /** Whether the place holds the tables of the LMS guide; left out: it does not. */
  guide?: Promise<boolean>
  admin: boolean
  onNavigate?: () => void
}

/** The groups of pages, with counts only where someone must act. */
export function NavLinks({ place, active, running = 0, findings = 0, guide, admin, onNavigate }: NavLinksProps) {
  const pathname = usePathname()
  const { counts } = usePageStatus()
  const pages = shownPages(place, admin, guide !== undefined)
  const here = (page: ConsolePage) => (active ? active === page.key : page.href === '/' ? pathname === '/' : pathname.startsWith(page.href))
  return (['Server', 'Database', 'Console'] as const).map((group) => {
    const members = pages.filter((page) => page.group === group)
    if (members.length === 0) return null
    return (
      <div key={group} className="grid gap-0.5">
        <p className="px-2 pt-2.5 pb-[3px] text-[11px] leading-4 text-ink-3">{group}</p>
        {members.map((page) => {
          const count =
            place && (counts[`${page.key} of ${place.server}/${place.database}`] ?? (page.key === 'overview' ? findings : undefined))
          const link = (
            <Link
              key={page.key}
              href={page.href}
              onClick={onNavigate}
              aria-current={here(page) ? 'page' : undefined}
              className={classes(
                'flex h-7 items-center gap-[9px] rounded-control px-2 text-body no-underline max-sm:h-10',
                here(page) ? 'bg-surface font-medium text-ink shadow-[0_0_0_1px_var(--line)]' : 'text-ink-2 hover:bg-sunken',
              )}
            >
              <page.icon aria-hidden className={classes('size-4', here(page) ? 'text-ink' : 'text-ink-3')} />
              {page.label}
              {Boolean(count) && (
                <span className="ml-auto text-[11px] font-medium text-warn">
                  {shortCount(count)}
                  <span className="sr-only">{count === 1 ? ' finding' : ' findings'}</span>
                </span>
              )}
              {page.key === 'runs' && running > 0 && <span className="ml-auto text-[11px] font-medium text-accent">{running} running</span>}
            </Link>
          )
          return page.forGuide ? (
            <WhereGuide key={page.key} guide={guide}>
              {link}
            </WhereGuide>
          ) : (
            link
          )
        })}
      </div>
    )
  })
}
