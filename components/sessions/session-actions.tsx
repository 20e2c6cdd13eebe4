'use client'
import { Ellipsis } from 'lucide-react'
import type { CommandRequest } from '@/db/domain/command-request'
import { waysToEnd } from '../run/ways-to-end'
import { WhyNot } from '../shell/why-not'
import { IconButton } from '../ui/button'
import { copyText } from '../ui/copy-text'
import { Menu, MenuGroup, MenuItem, MenuSeparator } from '../ui/menu'
import type { Session } from './activity-types'

/** How a session can be made to let go; none for what is no client's, and for Proctor's own. */
export const endsOf = (row: Session) =>
  row.own || row.leader_pid !== null || (row.backend_type !== 'client backend' && row.backend_type !== 'autovacuum worker')
    ? []
    : waysToEnd({
        pid: row.pid,
        backendStart: row.backend_start ?? '',
        state: row.state ?? (row.backend_type === 'autovacuum worker' ? 'active' : null),
      })

interface SessionActionsProps {
  row: Session
  mayRun: boolean
  onAsk: (request: CommandRequest) => void
}

/** What can be done with a session; each opens the confirmation. */
export function SessionActions({ row, mayRun, onAsk }: SessionActionsProps) {
  const ways = endsOf(row)
  return (
    <Menu
      align="end"
      trigger={
        <IconButton label={`Actions for pid ${row.pid}`} className="size-6! max-sm:size-10!">
          <Ellipsis aria-hidden />
        </IconButton>
      }
    >
      {ways.length > 0 && (
        <>
          <MenuGroup note={mayRun ? undefined : <WhyNot />}>
            {ways.map(({ label, request }) => (
              <MenuItem key={label} disabled={!mayRun} onClick={() => onAsk(request)}>
                {label}
              </MenuItem>
            ))}
          </MenuGroup>
          <MenuSeparator />
        </>
      )}
      <MenuItem onClick={() => void copyText(String(row.pid))}>Copy pid</MenuItem>
      {row.query && <MenuItem onClick={() => void copyText(row.query ?? '')}>Copy statement</MenuItem>}
    </Menu>
  )
}
