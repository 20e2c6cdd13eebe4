'use client'
import { Dialog as Base } from '@base-ui/react/dialog'
import { Command, defaultFilter } from 'cmdk'
import { Keyboard, type LucideIcon, Network, Play, Server, SlidersHorizontal, SquareTerminal, SunMoon, Table2 } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useTheme } from 'next-themes'
import { type ReactNode, useDeferredValue, useState } from 'react'
import type { CommandRequest } from '@/db/domain/command-request'
import { useLive } from '../live/use-live'
import { type FoundLine, foundLines, parsed } from './found'
import { useMayAct } from './page-status'
import { shownPages } from './pages'
import type { ShellServer } from './shell-types'
import { useWhyNot } from './why-not'

interface PaletteProps {
  place?: { server: string; database: string }
  servers: ShellServer[]
  mayRun: boolean
  admin: boolean
  /** The place holds the tables of the LMS guide. */
  guide: boolean
  onClose: () => void
  onKeys: () => void
  /** Opens the confirmation of a command. */
  onAsk: (request: CommandRequest) => void
}

/** What the server found stays, whatever the palette thinks of its name. */
const FOUND = 'found '
const filter = (value: string, search: string): number => (value.startsWith(FOUND) ? 1 : (defaultFilter?.(value, search) ?? 1))

/** In the order of the list; whoever typed a verb wants the commands first. */
const ICONS: Record<FoundLine['group'], LucideIcon> = {
  Indexes: Network,
  Tables: Table2,
  Commands: Play,
  Statements: SquareTerminal,
  Settings: SlidersHorizontal,
}
const GROUPS = Object.keys(ICONS) as FoundLine['group'][]
const COMMANDS_FIRST = [...GROUPS].sort((one, other) => Number(other === 'Commands') - Number(one === 'Commands'))

const group =
  '[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-[11px] [&_[cmdk-group-heading]]:text-ink-3'

/** Ctrl K: objects and statements of this database, commands on them, settings, pages, servers, and what the console can do anywhere. */
export function CommandPalette({ place, servers, mayRun, admin, guide, onClose, onKeys, onAsk }: PaletteProps) {
  const [text, setText] = useState('')
  const router = useRouter()
  const { resolvedTheme, setTheme } = useTheme()
  const mayAct = useMayAct(mayRun)
  const whyNot = useWhyNot()
  const search = parsed(useDeferredValue(text))
  const { answer, pending } = useLive(
    'find',
    { server: place?.server, database: place?.database, q: search.text },
    { enabled: place !== undefined && search.text.length > 1 },
  )
  const lines = place && search.text.length > 1 && answer?.ok ? foundLines(answer.value, place, search.verb) : []
  const pages = shownPages(place, admin, guide)
  const go = (href: string) => {
    router.push(href)
    onClose()
  }
  return (
    <Base.Root open onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-30 bg-scrim" />
        <Base.Popup
          data-modal
          aria-label="Commands"
          className="fixed top-[12dvh] left-1/2 z-30 w-[560px] max-w-[calc(100vw-32px)] -translate-x-1/2 overflow-hidden rounded-dialog border border-line bg-surface shadow-float outline-none"
        >
          <Command label="Commands" loop filter={filter}>
            <Command.Input
              value={text}
              onValueChange={setText}
              placeholder="Search or run a command"
              className="h-11 w-full border-b border-line bg-transparent px-4 text-finding text-ink outline-none placeholder:text-ink-3"
            />
            <Command.List className="max-h-[56dvh] overflow-y-auto p-1.5">
              <Command.Empty className="px-2 py-6 text-center text-ink-3">
                {place === undefined
                  ? 'No page or server with that name.'
                  : pending && search.text.length > 1
                    ? `Searching ${place.database} …`
                    : `No object in ${place.database}, page or server with that name.`}
              </Command.Empty>
              {(search.verb ? COMMANDS_FIRST : GROUPS).map((heading) => {
                const members = lines.filter((line) => line.group === heading)
                const Icon = ICONS[heading]
                return (
                  members.length > 0 && (
                    <Command.Group key={heading} heading={heading} className={group}>
                      {members.map(({ key, verb, name, note, href, request }) => (
                        <Item
                          key={key}
                          value={`${FOUND}${key}`}
                          icon={<Icon aria-hidden />}
                          note={request && !mayAct ? whyNot : note}
                          disabled={request !== undefined && !mayAct}
                          onSelect={() => (href ? go(href) : request && onAsk(request))}
                        >
                          <span className="min-w-0 truncate">
                            {verb && `${verb} `}
                            <span className="font-mono">{name}</span>
                            {request && '…'}
                          </span>
                        </Item>
                      ))}
                    </Command.Group>
                  )
                )
              })}
              <Command.Group heading="Pages" className={group}>
                {pages.map(({ key, label, href, icon: Icon, letter }) => (
                  <Item key={key} value={label} icon={<Icon aria-hidden />} note={`G ${letter.toUpperCase()}`} onSelect={() => go(href)}>
                    {label}
                  </Item>
                ))}
              </Command.Group>
              <Command.Group heading="Servers" className={group}>
                {servers.map(({ id, name, href }) => (
                  <Item key={id} value={`server ${name} ${id}`} icon={<Server aria-hidden />} onSelect={() => go(href)}>
                    <span className="font-mono">{name}</span>
                  </Item>
                ))}
              </Command.Group>
              <Command.Group heading="Console" className={group}>
                <Item
                  value="Light or dark theme"
                  icon={<SunMoon aria-hidden />}
                  note="T"
                  onSelect={() => {
                    setTheme(resolvedTheme === 'dark' ? 'light' : 'dark')
                    onClose()
                  }}
                >
                  Light or dark
                </Item>
                <Item value="Keys shortcuts" icon={<Keyboard aria-hidden />} note="?" onSelect={onKeys}>
                  Keys
                </Item>
              </Command.Group>
            </Command.List>
          </Command>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}

function Item(props: { value: string; icon: ReactNode; note?: string; disabled?: boolean; onSelect: () => void; children: ReactNode }) {
  return (
    <Command.Item
      value={props.value}
      disabled={props.disabled}
      onSelect={props.onSelect}
      className="flex cursor-default items-center gap-2.5 rounded-control px-2 py-1.5 text-body data-[disabled=true]:opacity-60 data-[selected=true]:bg-sunken [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-ink-3"
    >
      {props.icon}
      {props.children}
      {props.note && <span className="ml-auto shrink-0 pl-3 text-label text-ink-3">{props.note}</span>}
    </Command.Item>
  )
}
