'use client'
import { Search } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useRouter } from 'next/navigation'
import { useTheme } from 'next-themes'
import { useState } from 'react'
import type { CommandRequest } from '@/db/domain/command-request'
import { Kbd } from '../ui/badge'
import { useShortcuts } from '../ui/use-shortcuts'
import { useGuideHere } from './guide-here'
import { shownPages } from './pages'
import type { ShellServer, ShellUser } from './shell-types'

// The palette and the map of keys are loaded when they are first opened.
const CommandPalette = dynamic(() => import('./command-palette').then((module) => module.CommandPalette), { ssr: false })
const ConfirmDialog = dynamic(() => import('../confirm/confirm-dialog').then((module) => module.ConfirmDialog), { ssr: false })
const KeyMap = dynamic(() => import('./key-map').then((module) => module.KeyMap), { ssr: false })

interface CommandKeyProps {
  place?: { server: string; database: string }
  guide?: Promise<boolean>
  servers: ShellServer[]
  user: ShellUser
}

/** The button of the command palette, and the keys that work on every page: Ctrl K, G then a letter, T, ?. */
export function CommandKey({ place, guide, servers, user }: CommandKeyProps) {
  const [open, setOpen] = useState<'palette' | 'keys' | null>(null)
  const [asked, setAsked] = useState<CommandRequest>()
  const { resolvedTheme, setTheme } = useTheme()
  const router = useRouter()
  const guideHere = useGuideHere(guide)
  const go = Object.fromEntries(
    shownPages(place, user.admin, guideHere).map(({ letter, href }) => [`g ${letter}`, () => router.push(href)]),
  )
  useShortcuts({
    ...go,
    'mod+k': () => setOpen('palette'),
    t: () => setTheme(resolvedTheme === 'dark' ? 'light' : 'dark'),
    '?': () => setOpen('keys'),
  })
  const close = () => setOpen(null)
  return (
    <>
      <button
        type="button"
        aria-label="Search or run a command"
        onClick={() => setOpen('palette')}
        className="flex h-7 w-[236px] items-center gap-2 rounded-control border border-line bg-surface pr-1.5 pl-2 whitespace-nowrap text-ink-3 hover:border-line-2 max-lg:w-auto max-sm:size-10 max-sm:justify-center max-sm:border-transparent max-sm:bg-transparent max-sm:p-0"
      >
        <Search aria-hidden className="size-3.5 max-sm:size-4" />
        <span className="max-lg:hidden">Search or run a command</span>
        <Kbd className="ml-auto max-sm:hidden">Ctrl K</Kbd>
      </button>
      {open === 'palette' && (
        <CommandPalette
          place={place}
          servers={servers}
          mayRun={user.mayRun}
          admin={user.admin}
          guide={guideHere}
          onClose={close}
          onKeys={() => setOpen('keys')}
          onAsk={(request) => {
            setAsked(request)
            close()
          }}
        />
      )}
      {open === 'keys' && <KeyMap place={place} admin={user.admin} guide={guideHere} onClose={close} />}
      {place && asked && <ConfirmDialog {...place} commands={[asked]} open onOpenChange={(stays) => !stays && setAsked(undefined)} />}
    </>
  )
}
