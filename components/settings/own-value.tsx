'use client'
import { Pencil, X } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { TunedSetting } from '@/db/settings/tune-server'
import { classes } from '../ui/class-names'

interface OwnValueProps {
  setting: TunedSetting
  /** What was typed, as the address has it; it may not have been checked yet. */
  asked: string | undefined
  onOwn: (name: string, text: string | null) => void
  pending: boolean
}

/** What is recommended, and instead of it a value of one's own: taken on Enter or when the field is left, and checked by the server's row. */
export function OwnValue({ setting: { name, changes, recommended, own: checked }, asked, onOwn, pending }: OwnValueProps) {
  const [typed, type] = useState<string>()
  const own = asked === undefined ? null : pending || !checked ? { text: asked, refused: null, changes: true } : checked
  const take = () => {
    const text = typed?.trim()
    type(undefined)
    if (text !== undefined && text !== (own?.text ?? '')) onOwn(name, text === '' ? null : text)
  }
  if (typed !== undefined)
    return (
      <input
        // biome-ignore lint/a11y/noAutofocus: it was asked for by the button that stood here
        autoFocus
        aria-label={`Your value of ${name}`}
        value={typed}
        placeholder={recommended}
        spellCheck={false}
        onChange={(event) => type(event.target.value)}
        onBlur={take}
        onKeyDown={(event) => {
          if (event.key === 'Enter') take()
          if (event.key !== 'Escape') return
          event.stopPropagation()
          type(undefined)
        }}
        className="h-6 w-full min-w-24 rounded-[5px] border border-accent bg-surface px-1.5 text-right font-mono text-cell ring-3 ring-accent-soft outline-none max-sm:h-10 max-sm:text-left max-sm:text-[16px]"
      />
    )
  const shown = own ? own.text : changes ? recommended : 'keep'
  const look = own?.refused ? 'text-bad line-through' : own || changes ? 'font-medium text-accent' : 'text-ink-3'
  return (
    <>
      <span className="inline-flex max-w-full items-center justify-end gap-1 max-sm:justify-start">
        <span
          className={classes(
            'font-mono',
            shown.length > 14 ? 'block min-w-20 max-w-28 [overflow-wrap:anywhere]' : 'whitespace-nowrap',
            look,
          )}
        >
          {shown === '' ? "''" : shown}
        </span>
        <Small label={`Type a value of ${name}`} onClick={() => type(own?.text ?? (changes ? recommended : ''))}>
          <Pencil aria-hidden className="size-3" />
        </Small>
        {own && (
          <Small label={`Take the recommended value of ${name}`} onClick={() => onOwn(name, null)}>
            <X aria-hidden className="size-3" />
          </Small>
        )}
      </span>
      {own && (
        <span role={own.refused ? 'alert' : undefined} className={classes('block text-label', own.refused ? 'text-bad' : 'text-ink-3')}>
          {pending
            ? 'checking …'
            : (own.refused ?? `${own.changes ? 'yours' : 'yours, already set'}; recommended ${changes ? recommended : 'as it is'}`)}
        </span>
      )}
    </>
  )
}

function Small({ label, onClick, children }: { label: string; onClick: () => void; children: ReactNode }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={onClick}
      className="grid size-5 shrink-0 place-items-center rounded-[4px] text-ink-3 hover:bg-sunken hover:text-ink max-sm:-my-2 max-sm:size-9"
    >
      {children}
    </button>
  )
}
