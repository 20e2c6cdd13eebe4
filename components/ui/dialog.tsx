'use client'
import { lazy, Suspense, useState } from 'react'
import type { DialogProps } from './dialog-popup'

const DialogPopup = lazy(async () => ({ default: (await import('./dialog-popup')).DialogPopup }))

/** A modal dialog; its code is fetched when one is first opened. Once open it stays, so that it can give the focus back. */
export function Dialog(props: DialogProps) {
  const [wanted, setWanted] = useState(props.open)
  if (props.open && !wanted) setWanted(true)
  return (
    wanted && (
      <Suspense>
        <DialogPopup {...props} />
      </Suspense>
    )
  )
}
