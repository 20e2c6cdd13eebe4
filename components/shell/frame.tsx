import type { ReactNode } from 'react'
import { LiveProvider } from '../live/live-provider'
import { ThemeToggle } from '../ui/theme-toggle'
import { Brand } from './brand'
import { CommandKey } from './command-key'
import { Crumbs } from './crumbs'
import { DataAge } from './data-age'
import { MobileMenu } from './mobile-menu'
import { NavLinks } from './nav-links'
import type { Crumb, ShellServer, ShellUser } from './shell-types'
import { UserBlock } from './user-block'

interface FrameProps {
  crumbs: Crumb[]
  active?: string
  /** The place that the page is of. */
  place?: { server: string; database: string }
  /** The place that one came from, on a page that is of none. */
  kept?: { server: string; database: string }
  servers: ShellServer[]
  user: ShellUser
  /** Runs that are going on. */
  running?: number
  /** Problems of the place that need somebody, as its overview counts them. */
  findings?: number
  /** Whether the place holds the tables of the LMS guide: told when it is known, for no page waits for it. */
  guide?: Promise<boolean>
  switchers: ReactNode
  children: ReactNode
}

/** What stands around every page: navigation at the left, top bar, and under 700 px one 52 px bar instead of both. */
export function Frame({ crumbs, active, place, kept, servers, user, running, findings, guide, switchers, children }: FrameProps) {
  return (
    <LiveProvider>
      <div className="grid min-h-dvh grid-cols-[216px_minmax(0,1fr)] max-sm:block">
        <a href="#page" className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:bg-surface focus:p-2">
          Skip to the page
        </a>
        <aside className="sticky top-0 flex h-dvh flex-col gap-0.5 overflow-y-auto border-r border-line bg-canvas px-2 pt-2.5 max-sm:hidden">
          <Brand />
          {switchers}
          <nav aria-label="Pages">
            <NavLinks place={place ?? kept} active={active} running={running} findings={findings} guide={guide} admin={user.admin} />
          </nav>
          <div className="sticky bottom-0 mt-auto bg-canvas pb-2.5">
            <UserBlock user={user} />
          </div>
        </aside>
        <div className="min-w-0">
          <header className="flex h-11 items-center gap-2 border-b border-line bg-canvas px-6 text-label text-ink-3 max-sm:sticky max-sm:top-0 max-sm:z-10 max-sm:h-13 max-sm:pr-2 max-sm:pl-1">
            <div className="sm:hidden">
              <MobileMenu
                place={place ?? kept}
                active={active}
                running={running}
                findings={findings}
                guide={guide}
                admin={user.admin}
                head={
                  <>
                    <Brand />
                    {switchers}
                  </>
                }
                foot={<UserBlock user={user} />}
              />
            </div>
            <Crumbs crumbs={crumbs} place={place} />
            <span className="ml-auto">
              <DataAge />
            </span>
            <CommandKey place={place ?? kept} guide={guide} servers={servers} user={user} />
            <ThemeToggle />
          </header>
          <main id="page" className="px-6 pt-5 pb-8 max-sm:px-4 max-sm:pt-4">
            {children}
          </main>
        </div>
      </div>
    </LiveProvider>
  )
}
