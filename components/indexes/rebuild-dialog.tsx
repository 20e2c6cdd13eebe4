'use client'
import dynamic from 'next/dynamic'
import type { IndexFinding } from '@/db/checks/index-finding'

const ConfirmDialog = dynamic(() => import('../confirm/confirm-dialog').then((module) => module.ConfirmDialog), { ssr: false })

/** The confirmation of one rebuild or several, one after another. */
export function RebuildDialog(props: { server: string; database: string; rows: IndexFinding[]; onClose: () => void }) {
  if (props.rows.length === 0) return null
  return (
    <ConfirmDialog
      server={props.server}
      database={props.database}
      commands={props.rows.map(({ indexrelid }) => ({ command: 'reindex-index', input: { oid: indexrelid, concurrently: true } }))}
      open
      onOpenChange={(open) => !open && props.onClose()}
    />
  )
}
