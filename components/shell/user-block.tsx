import { LogOut } from 'lucide-react'
import Link from 'next/link'
import { signOut } from '@/app/(auth)/actions'
import { IconButton } from '../ui/button'
import type { ShellUser } from './shell-types'

const initials = (name: string) =>
  name
    .split(/[\s.@_-]+/)
    .slice(0, 2)
    .map((part) => part.charAt(0).toUpperCase())
    .join('')

/** Who is signed in, what they may do, and the way out. */
export function UserBlock({ user }: { user: ShellUser }) {
  return (
    <div className="flex items-center gap-2 border-t border-line p-2 text-label leading-[15px]">
      <span
        aria-hidden
        className="grid size-6 shrink-0 place-items-center rounded-full border border-line bg-sunken text-[10px] leading-none font-semibold text-ink-2"
      >
        {initials(user.name)}
      </span>
      <Link href="/account" className="min-w-0 text-ink no-underline hover:underline" title="Account">
        <span className="block truncate font-medium">{user.name}</span>
        <span className="block truncate text-ink-3">{user.role}</span>
      </Link>
      <form action={signOut} className="ml-auto">
        <IconButton type="submit" label="Sign out">
          <LogOut aria-hidden />
        </IconButton>
      </form>
    </div>
  )
}
