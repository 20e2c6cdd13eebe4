'use client'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { Fragment } from 'react'
import { consolePages } from './pages'
import type { Crumb } from './shell-types'

/** Where one is. A layout does not know which page is in it: then the address names the last one. */
export function Crumbs({ crumbs, place }: { crumbs: Crumb[]; place?: { server: string; database: string } }) {
  const pathname = usePathname()
  const page = place && consolePages(place).find(({ key, href }) => key !== 'fleet' && pathname.startsWith(href))
  const last = crumbs.at(-1)
  const all = page && last?.href && last.label !== page.label ? [...crumbs, { label: page.label }] : crumbs
  return (
    <nav aria-label="Where you are" className="flex min-w-0 items-center gap-2 overflow-hidden max-sm:block">
      <span aria-hidden className="hidden truncate text-label leading-[15px] text-ink-3 max-sm:block">
        {all
          .slice(0, -1)
          .map(({ label }) => label)
          .join(' / ')}
      </span>
      {all.map(({ label, href }, at) => {
        const away = all.length - 1 - at
        return (
          <Fragment key={`${href}${label}`}>
            {at > 0 && (
              <span aria-hidden className="max-sm:hidden">
                /
              </span>
            )}
            {away === 0 ? (
              <b aria-current="page" className="truncate font-medium text-ink max-sm:block max-sm:text-body">
                {label}
              </b>
            ) : href ? (
              <Link href={href} className="truncate text-ink-3 no-underline hover:text-ink max-sm:hidden">
                {label}
              </Link>
            ) : (
              <span className="truncate max-sm:hidden">{label}</span>
            )}
          </Fragment>
        )
      })}
    </nav>
  )
}
