'use client'
import { useConsoleHealth } from '../live/use-console-health'
import { Banner } from '../ui/banner'
import type { ConsoleTrouble as Trouble } from '../ui/console-health'

/** Says on every page what does not work while the console database cannot be written to, or is away under an open page. */
export function ConsoleTrouble({ initial }: { initial: Trouble | null }) {
  const trouble = useConsoleHealth(initial)
  if (!trouble) return null
  return (
    <Banner tone="bad" label="Console database" live>
      <b className="font-semibold">{trouble.message}</b>{' '}
      {trouble.readable
        ? 'Pages still show your servers live. Until it is back, nobody can sign in, nothing can be confirmed or changed here, no queued run starts, and nothing is sampled.'
        : 'What this page shows stays as old as it says. Active runs continue on their servers, and are reported when it is back.'}{' '}
      {trouble.hint}
    </Banner>
  )
}
