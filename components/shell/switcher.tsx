'use client'
import { Check, ChevronsUpDown } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { bytes } from '../format'
import type { LiveAnswer } from '../live/fetch-live'
import { classes } from '../ui/class-names'
import { Menu, MenuLink } from '../ui/menu'
import type { ShellDatabase, ShellServer, Standing } from './shell-types'
import { useStanding } from './use-standing'

const box =
  'grid w-full grid-cols-[8px_1fr_14px] items-center gap-2 border border-line bg-surface px-2 py-1.5 text-left text-ink hover:bg-hover -outline-offset-2'

const lines = (name: string, below: string, bad = false) => (
  <span className="min-w-0">
    <b className="block truncate font-mono text-label font-medium tracking-[-.02em]">{name}</b>
    <span className={classes('block truncate text-[11px] leading-[14px]', bad ? 'font-medium text-bad' : 'text-ink-3')}>{below}</span>
  </span>
)

interface ServerSwitcherProps {
  current: ShellServer | undefined
  /** As it was rendered; undefined while the server is being asked. */
  standing: LiveAnswer<Standing> | undefined
  servers: ShellServer[]
  /** A database switcher follows below. */
  joined: boolean
}

/** The chosen server, green while it answers and red from the moment on at which anything of the console finds that it does not. */
export function ServerSwitcher({ current, standing: rendered, servers, joined }: ServerSwitcherProps) {
  const standing = useStanding(current?.id, rendered)
  const down = standing !== undefined && standing.version === null
  const mark = standing && (
    <i aria-hidden className={classes('size-[7px] rounded-full', down ? 'border-[1.5px] border-bad-fill' : 'bg-ok-fill')} />
  )
  const words = standing ? (down ? 'does not answer' : `PostgreSQL ${standing.version}`) : 'asking …'
  const trigger = (
    <button type="button" className={classes(box, joined ? 'rounded-t-control' : 'mb-1.5 rounded-control')}>
      {mark ?? <span />}
      {current ? lines(current.name, words, down) : lines('Fleet', `${servers.length} ${servers.length === 1 ? 'server' : 'servers'}`)}
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
        Fleet
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
