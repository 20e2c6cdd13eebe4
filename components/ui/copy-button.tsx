'use client'
import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button, type ButtonVariant } from './button'
import { copyText } from './copy-text'

interface CopyButtonProps {
  text: string
  label?: string
  variant?: ButtonVariant
  size?: 'md' | 'sm'
  className?: string
}

/** Copies exact text and says so on itself, for a screen reader too. */
export function CopyButton({ text, label = 'Copy', variant, size = 'sm', className }: CopyButtonProps) {
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle')
  useEffect(() => {
    if (state === 'idle') return
    const timer = setTimeout(() => setState('idle'), 1600)
    return () => clearTimeout(timer)
  }, [state])
  return (
    <Button
      variant={variant}
      size={size}
      className={className}
      onClick={async () => setState((await copyText(text)) ? 'copied' : 'failed')}
    >
      {state === 'copied' ? <Check aria-hidden /> : <Copy aria-hidden />}
      <span aria-live="polite">{state === 'copied' ? 'Copied' : state === 'failed' ? 'Not copied' : label}</span>
    </Button>
  )
}
