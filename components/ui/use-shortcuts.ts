'use client'
import { useEffect, useRef } from 'react'

/** Keys and what they do: 'x', 'X' (with Shift), 'ArrowDown', 'mod+k' (Ctrl or Cmd), 'g i' (one after the other). */
type Shortcuts = Record<string, (event: KeyboardEvent) => void>

const SEQUENCE_MS = 900

const TEXTUAL = 'input:not([type=checkbox]), textarea, select, [contenteditable], [role=menu], [role=listbox], [data-modal]'

/** True where a key is text or belongs to a widget: fields, open menus, modal dialogs. */
function belongsElsewhere(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false
  return target.closest(TEXTUAL) !== null
}

/** Binds keys on the page while the component is mounted. mod+ keys work within fields, too. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const latest = useRef(shortcuts)
  useEffect(() => {
    latest.current = shortcuts
  })
  useEffect(() => {
    let before = { key: '', at: 0 }
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey) return
      const mod = event.ctrlKey || event.metaKey
      if (!mod && belongsElsewhere(event.target)) return
      const key = mod ? `mod+${event.key.toLowerCase()}` : event.key
      const sequence = event.timeStamp - before.at < SEQUENCE_MS ? `${before.key} ${key}` : ''
      before = { key, at: event.timeStamp }
      const action = latest.current[sequence] ?? latest.current[key]
      if (!action) return
      // Enter and Space on a button or a link are that button's.
      if ((key === 'Enter' || key === ' ') && (event.target as Element).closest('button, a')) return
      event.preventDefault()
      action(event)
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [])
}
