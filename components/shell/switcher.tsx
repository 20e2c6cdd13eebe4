'use client'
import { Check, ChevronsUpDown } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { bytes } from '../format'
import { classes } from '../ui/class-names'
import { Menu, MenuLink } from '../ui/menu'
import type { ShellDatabase, ShellServer, ShellStatus } from './shell-types'

const box =
  'grid w-full grid-cols-[8px_1fr_14px] items-center gap-2 border border-line bg-surface px-2 py-1.5 text-left text-ink hover:bg-hover -outline-offset-2'

const lines = (name: string, below: string) => (
  <span className="min-w-0">
    <b className="block truncate font-mono text-label font-medium tracking-[-.02em]">{name}</b>
    <span className="block truncate text-[11px] leading-[14px] text-ink-3">{below}</span>
  </span>
)

interface ServerSwitcherProps {
  current: ShellServer | undefined
  status: ShellStatus | undefined
  servers: ShellServer[]
  /** A database switcher follows below. */
  joined: boolean
}

export function ServerSwitcher({ current, status, servers, joined }: ServerSwitcherProps) {
  const mark = status && (
    <i aria-hidden className={classes('size-[7px] rounded-full', status.reachable ? 'bg-ok-fill' : 'border-[1.5px] border-bad-fill')} />
  )
  const trigger = (
    <button type="button" className={classes(box, joined ? 'rounded-t-control' : 'mb-1.5 rounded-control')}>
      {mark ?? <span />}
      {current ? lines(current.name, status?.words ?? 'asking …') : lines('All servers', `${servers.length} watched`)}
      <ChevronsUpDown aria-hidden className="size-3.5 text-ink-3" />
    </button>
  )
  return (
    <Menu trigger={trigger}>
      {servers.map((server) => (
        <Entry key={server.id} href={server.href} current={server.id === current?.id}>
          {server.name}
        </Entry>
      ))}
      <Entry href="/" current={!current}>
        All servers
      </Entry>
    </Menu>
  )
}

export function DatabaseSwitcher({ current, databases }: { current: string; databases: ShellDatabase[] }) {
  const here = databases.find(({ datname }) => datname === current)
  const trigger = (
    <button type="button" className={classes(box, 'mb-1.5 rounded-b-control border-t-0')}>
      <span />
      {lines(current, here?.bytes == null ? 'database' : `database, ${bytes(here.bytes)}`)}
      <ChevronsUpDown aria-hidden className="size-3.5 text-ink-3" />
    </button>
  )
  return (
    <Menu trigger={trigger}>
      {databases.map(({ datname, bytes: size, href }) => (
        <Entry key={datname} href={href} current={datname === current} note={size === null ? undefined : bytes(size)}>
          {datname}
        </Entry>
      ))}
    </Menu>
  )
}

function Entry({ href, current, note, children }: { href: string; current: boolean; note?: string; children: ReactNode }) {
  return (
    <MenuLink render={<Link href={href} />} note={note} aria-current={current || undefined}>
      <span className="grid size-3.5 place-items-center">{current && <Check aria-hidden />}</span>
      <span className="font-mono">{children}</span>
    </MenuLink>
  )
}
