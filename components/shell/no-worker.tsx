'use client'
import type { LiveAnswer } from '../live/fetch-live'
import { useLive } from '../live/use-live'
import { Banner } from '../ui/banner'

const EVERY_MS = 15_000

/** Says on every page that nothing will be carried out, for as long as no worker is there. */
export function NoWorker({ initial }: { initial: LiveAnswer<{ attended: boolean }> }) {
  const { answer } = useLive('workers', {}, { initial, everyMs: EVERY_MS })
  if (!answer?.ok || answer.value.attended) return null
  return (
    <Banner tone="warn" label="No worker">
      <b className="font-semibold">No worker is running.</b> Queued runs do not start, active runs are not watched, and nothing is sampled.
      Start one with <code>npm run worker</code>, or the console without <code>PROCTOR_WORKER=off</code>.
    </Banner>
  )
}
