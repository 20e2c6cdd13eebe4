'use client'
import { useState } from 'react'
import { installHealthFunctionsRequest } from '@/db/commands/install-health-functions/request'
import { installStatisticsHelperRequest } from '@/db/commands/install-statistics-helper/request'
import type { CommandRequest } from '@/db/domain/command-request'
import { TextButton } from '../ui/button'
import { CommandDialog } from './command-dialog'

const FUNCTIONS = [installHealthFunctionsRequest({})]
const HELPER = [installStatisticsHelperRequest({})]

/**
 * The way to have monitor_index_health() and check_index_bloat() in the database itself, for psql and cron; and what lets a
 * role of pg_monitor estimate bloat without reading the tables.
 */
export function InstallFunctions({ server, database }: { server: string; database: string }) {
  const [asked, ask] = useState<CommandRequest[]>([])
  return (
    <>
      <TextButton onClick={() => ask(FUNCTIONS)}>Install its functions…</TextButton>{' '}
      <TextButton onClick={() => ask(HELPER)}>Let pg_monitor estimate bloat…</TextButton>
      <CommandDialog server={server} database={database} commands={asked} onClose={() => ask([])} />
    </>
  )
}
