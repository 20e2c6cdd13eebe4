'use client'
import { Dialog as Base } from '@base-ui/react/dialog'
import { Command } from 'cmdk'
import { Keyboard, Network, Server, SunMoon } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useTheme } from 'next-themes'
import { type ReactNode, useState } from 'react'
import { useLive } from '../live/use-live'
import { consolePages } from './pages'
import type { ShellServer } from './shell-types'

interface PaletteProps {
  place?: { server: string; database: string }
  servers: ShellServer[]
  onClose: () => void
  onKeys: () => void
}

const group =
  '[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-[11px] [&_[cmdk-group-heading]]:text-ink-3'

/** Ctrl K: pages, servers, indexes of this database by name, and what the console can do anywhere. */
export function CommandPalette({ place, servers, onClose, onKeys }: PaletteProps) {
  const [text, setText] = useState('')
  const router = useRouter()
  const { resolvedTheme, setTheme } = useTheme()
  const search = text.trim()
  const { answer } = useLive(
    'list-indexes',
    { server: place?.server, database: place?.database, q: search, limit: 8 },
    { enabled: place !== undefined && search.length > 1 },
  )
  const indexes = place && search.length > 1 && answer?.ok ? answer.value.rows.filter((row) => 'indexrelid' in row) : []
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
          <Command label="Commands" loop>
            <Command.Input
              value={text}
              onValueChange={setText}
              placeholder="Search or run a command"
              className="h-11 w-full border-b border-line bg-transparent px-4 text-finding text-ink outline-none placeholder:text-ink-3"
            />
            <Command.List className="max-h-[56dvh] overflow-y-auto p-1.5">
              <Command.Empty className="px-2 py-6 text-center text-ink-3">Nothing by that name.</Command.Empty>
              {indexes.length > 0 && place && (
                <Command.Group heading="Indexes" className={group}>
                  {indexes.map(({ indexrelid, indexrelname, relname }) => (
                    <Item
                      key={indexrelid}
                      value={`${indexrelname} ${relname} ${indexrelid}`}
                      icon={<Network aria-hidden />}
                      note={relname}
                      onSelect={() => go(`${consolePages(place).find(({ key }) => key === 'indexes')?.href}?index=${indexrelid}`)}
                    >
                      <span className="font-mono">{indexrelname}</span>
                    </Item>
                  ))}
                </Command.Group>
              )}
              <Command.Group heading="Pages" className={group}>
                {consolePages(place).map(({ key, label, href, icon: Icon, letter }) => (
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

function Item(props: { value: string; icon: ReactNode; note?: string; onSelect: () => void; children: ReactNode }) {
  return (
    <Command.Item
      value={props.value}
      onSelect={props.onSelect}
      className="flex cursor-default items-center gap-2.5 rounded-control px-2 py-1.5 text-body data-[selected=true]:bg-sunken [&_svg]:size-4 [&_svg]:text-ink-3"
    >
      {props.icon}
      {props.children}
      {props.note && <span className="ml-auto text-label text-ink-3">{props.note}</span>}
    </Command.Item>
  )
}
