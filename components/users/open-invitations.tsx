'use client'
import { withdraw } from '@/app/users/actions'
import type { OpenInvitation } from '@/db/console/invitations'
import { moment } from '../format-time'
import { Button } from '../ui/button'
import { Cell, HeadCell, Row, TableCard } from '../ui/data-table'
import { ProblemPanel } from '../ui/problem-panel'
import { useAction } from '../use-action'
import { roleWord } from './role-messages'

/** Invitations that nobody has followed yet. */
export function OpenInvitations({ invitations }: { invitations: OpenInvitation[] }) {
  const { busy, problem, call } = useAction()
  return (
    <div className="grid gap-2">
      <TableCard label="Open invitations">
        <table className="w-full min-w-[620px] border-collapse">
          <thead>
            <tr>
              <HeadCell>Invited</HeadCell>
              <HeadCell>Role</HeadCell>
              <HeadCell>By</HeadCell>
              <HeadCell>Opens until</HeadCell>
              <HeadCell>
                <span className="sr-only">Withdraw</span>
              </HeadCell>
            </tr>
          </thead>
          <tbody>
            {invitations.map(({ id, email, role, invitedBy, expiresAt }) => (
              <Row key={id}>
                <Cell className="font-medium [overflow-wrap:anywhere]">{email}</Cell>
                <Cell>{roleWord(role)}</Cell>
                <Cell className="text-ink-2 [overflow-wrap:anywhere]">{invitedBy}</Cell>
                <Cell className="whitespace-nowrap text-ink-2">{moment(expiresAt)}</Cell>
                <Cell numeric>
                  <Button
                    size="sm"
                    variant="quiet"
                    disabled={busy}
                    onClick={() => call(() => withdraw(id))}
                    aria-label={`Withdraw the invitation of ${email}`}
                  >
                    Withdraw
                  </Button>
                </Cell>
              </Row>
            ))}
          </tbody>
        </table>
      </TableCard>
      {problem && <ProblemPanel problem={problem} />}
    </div>
  )
}
