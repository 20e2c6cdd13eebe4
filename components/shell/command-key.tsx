'use client'
import { Search } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useRouter } from 'next/navigation'
import { useTheme } from 'next-themes'
import { useState } from 'react'
import { Kbd } from '../ui/badge'
import { useShortcuts } from '../ui/use-shortcuts'
import { consolePages } from './pages'
import type { ShellServer } from './shell-types'

// The palette and the map of keys are loaded when they are first opened.
const CommandPalette = dynamic(() => import('./command-palette').then((module) => module.CommandPalette), { ssr: false })
const KeyMap = dynamic(() => import('./key-map').then((module) => module.KeyMap), { ssr: false })

interface CommandKeyProps {
  place?: { server: string; database: string }
  servers: ShellServer[]
}

/** The button of the command palette, and the keys that work on every page: Ctrl K, G then a letter, T, ?. */
export function CommandKey({ place, servers }: CommandKeyProps) {
  const [open, setOpen] = useState<'palette' | 'keys' | null>(null)
  const { resolvedTheme, setTheme } = useTheme()
  const router = useRouter()
  const go = Object.fromEntries(consolePages(place).map(({ letter, href }) => [`g ${letter}`, () => router.push(href)]))
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
      {open === 'palette' && <CommandPalette place={place} servers={servers} onClose={close} onKeys={() => setOpen('keys')} />}
      {open === 'keys' && <KeyMap onClose={close} />}
    </>
  )
}
