'use client'
import dynamic from 'next/dynamic'
import type { CommandRequest } from '@/db/domain/command-request'

const ConfirmDialog = dynamic(() => import('../confirm/confirm-dialog').then((module) => module.ConfirmDialog), { ssr: false })

/** The confirmation of one rebuild or drop or several, one after another; its code is fetched when it is first asked for. */
export function CommandDialog(props: {
  server: string
  database: string
  commands: CommandRequest[]
  onClose: () => void
  stay?: boolean
  plan?: boolean
  onQueued?: (runs: { id: string }[]) => void
}) {
  if (props.commands.length === 0) return null
  return (
    <ConfirmDialog
      server={props.server}
      database={props.database}
      commands={props.commands}
      open
      stay={props.stay}
      plan={props.plan}
      onQueued={props.onQueued}
      onOpenChange={(open) => !open && props.onClose()}
    />
  )
}
