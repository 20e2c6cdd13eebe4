'use client'
import { type ReactNode, Suspense, use, useEffect, useState } from 'react'

/** What stands there only where the place holds the tables of the LMS guide; nothing until that is known. */
export function WhereGuide({ guide, children }: { guide?: Promise<boolean>; children: ReactNode }) {
  if (!guide) return null
  return (
    <Suspense fallback={null}>
      <Known guide={guide}>{children}</Known>
    </Suspense>
  )
}

function Known({ guide, children }: { guide: Promise<boolean>; children: ReactNode }) {
  return use(guide) ? children : null
}

/** The same for keys and the palette, which nobody needs at first paint; false until it is known. */
export function useGuideHere(guide?: Promise<boolean>): boolean {
  const [known, setKnown] = useState<{ guide: Promise<boolean>; here: boolean }>()
  useEffect(() => {
    let asked = true
    guide?.then((here) => asked && setKnown({ guide, here }))
    return () => {
      asked = false
    }
  }, [guide])
  return known !== undefined && known.guide === guide && known.here
}
