'use client'
import { useState, useTransition } from 'react'
import { saveProfile } from '@/app/[server]/db/[database]/settings/actions'
import type { Problem } from '@/db/server/problem'
import { ago } from '../format-time'
import { useAskLive, useRefreshLive } from '../live/use-live'
import { Button } from '../ui/button'
import { notify } from '../ui/notify'
import { ProblemPanel } from '../ui/problem-panel'
import { profileWords, unsaved } from './configuration-messages'
import type { ChosenProfile, TuningAnswer } from './configuration-params'

interface ProfileBarProps {
  server: string
  database: string
  tuning: TuningAnswer
  chosen: ChosenProfile
  /** What is shown is of another profile: the right answer is on its way. */
  pending: boolean
  mayRun: boolean
  /** ISO 8601. */
  now: string
  /** Takes everything of the profile out of the address. */
  onClear: () => void
}

/** Whether what stands above is the server's profile for everybody, and the ways to make it so, or to go back. */
export function ProfileBar({ server, database, tuning, chosen, pending, mayRun, now, onClear }: ProfileBarProps) {
  const [problem, setProblem] = useState<Problem>()
  const [busy, start] = useTransition()
  const ask = useAskLive()
  const refresh = useRefreshLive()
  const { saved, profile } = tuning
  const differs = unsaved(chosen, saved).length > 0
  const save = (next: typeof profile | null) =>
    start(async () => {
      const answer = await saveProfile(server, next)
      setProblem(answer.ok ? undefined : answer.problem)
      if (!answer.ok) return
      await refresh('tuning')
      await ask('tuning', { server, database }) // what the page goes back to is there before it does
      onClear()
      notify('success', next ? `Saved as the profile of ${server}` : `The profile of ${server} is guessed again`)
    })
  return (
    <section aria-label="Profile" className="mb-4 grid gap-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <p className="min-w-0 flex-1 basis-72 text-label text-ink-2">
          {profileWords(chosen, saved, saved ? ago(saved.changedAt, now) : '')}
          {!mayRun && <span className="text-ink-3"> Saving takes an operator.</span>}
        </p>
        <span className="flex flex-wrap items-center gap-2">
          {differs && (
            <Button size="sm" variant="quiet" onClick={onClear}>
              {saved ? 'Back to saved' : 'Back to the guess'}
            </Button>
          )}
          {saved && !differs && (
            <Button size="sm" variant="quiet" disabled={!mayRun || busy} onClick={() => save(null)}>
              Forget it
            </Button>
          )}
          {(differs || !saved) && (
            <Button size="sm" disabled={!mayRun || busy || pending} onClick={() => save(profile)}>
              {busy ? 'Saving …' : "Save as this server's profile"}
            </Button>
          )}
        </span>
      </div>
      {problem && <ProblemPanel title="Not saved" problem={problem} />}
    </section>
  )
}
