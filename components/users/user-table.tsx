import type { ListedUser } from '@/db/console/users'
import { ago, moment } from '../format-time'
import { Badge } from '../ui/badge'
import { Cell, HeadCell, Row, TableCard } from '../ui/data-table'
import { ChangeUser } from './change-user'
import { roleWord } from './role-messages'

/** Every account: what it may do, how and when somebody last signed in with it, whether it is open. */
export function UserTable({ users, now, provider }: { users: ListedUser[]; now: string; provider?: string }) {
  return (
    <TableCard label="Users">
      <table className="w-full min-w-[860px] border-collapse">
        <thead>
          <tr>
            <HeadCell>Name</HeadCell>
            <HeadCell>E-mail</HeadCell>
            <HeadCell>Role</HeadCell>
            <HeadCell>Signs in by</HeadCell>
            <HeadCell>Last sign-in</HeadCell>
            <HeadCell numeric>Open sessions</HeadCell>
            <HeadCell>State</HeadCell>
            <HeadCell>
              <span className="sr-only">Change</span>
            </HeadCell>
          </tr>
        </thead>
        <tbody>
          {users.map((user) => (
            <Row key={user.id}>
              <Cell className="font-medium [overflow-wrap:anywhere]">{user.name}</Cell>
              <Cell className="text-ink-2 [overflow-wrap:anywhere]">{user.email}</Cell>
              <Cell>{roleWord(user.role)}</Cell>
              <Cell className="text-ink-2">{ways(user.by, provider)}</Cell>
              <Cell className="whitespace-nowrap text-ink-2">
                {user.lastSignIn ? (
                  <time dateTime={user.lastSignIn} title={moment(user.lastSignIn)}>
                    {ago(user.lastSignIn, now)}
                  </time>
                ) : (
                  <span className="text-ink-3">not recorded</span>
                )}
              </Cell>
              <Cell numeric>{user.sessions}</Cell>
              <Cell>{user.closedAt ? <Badge tone="warn">closed</Badge> : <span className="text-ink-3">open</span>}</Cell>
              <Cell numeric>
                <ChangeUser user={user} provider={provider} />
              </Cell>
            </Row>
          ))}
        </tbody>
      </table>
    </TableCard>
  )
}

function ways({ password, code, provider }: ListedUser['by'], name = 'the provider'): string {
  const own = password && (code ? 'password and code' : 'password')
  return [own, provider && name].filter((way) => way !== false).join(', or ')
}
