'use client'
import { useRouter } from 'next/navigation'
import { useEffect } from 'react'

const EVERY_MS = 3_000

/** Renders the list again while something on it is going on and the tab is visible. */
export function RunsRefresh({ active }: { active: boolean }) {
  const router = useRouter()
  useEffect(() => {
    if (!active) return
    const timer = setInterval(() => document.visibilityState === 'visible' && router.refresh(), EVERY_MS)
    return () => clearInterval(timer)
  }, [active, router])
  return null
}
