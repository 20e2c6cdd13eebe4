'use client'
import { useEffect } from 'react'
import { PLACE_COOKIE, placeText } from './chosen-place'

/** Keeps the server and the database that one was at last, for the pages that belong to none: for this browser, until it is closed. */
export function RememberPlace({ server, database }: { server: string; database: string }) {
  useEffect(() => {
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is there with TLS alone
    document.cookie = `${PLACE_COOKIE}=${placeText({ server, database })}; path=/; samesite=lax`
  }, [server, database])
  return null
}
