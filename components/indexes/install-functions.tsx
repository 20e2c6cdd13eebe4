'use client'
import { useState } from 'react'
import { TextButton } from '../ui/button'
import { CommandDialog } from './command-dialog'

const INSTALL = [{ command: 'install-health-functions', input: {} }]

/** The way to have monitor_index_health() and check_index_bloat() in the database itself, for psql and cron. */
export function InstallFunctions({ server, database }: { server: string; database: string }) {
  const [asked, ask] = useState(false)
  return (
    <>
      <TextButton onClick={() => ask(true)}>Install its functions…</TextButton>
      <CommandDialog server={server} database={database} commands={asked ? INSTALL : []} onClose={() => ask(false)} />
    </>
  )
}
