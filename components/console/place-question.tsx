'use client'
import { useRouter } from 'next/navigation'
import type { ReactNode } from 'react'
import { answerPlace } from '@/app/console/actions'
import { plural } from '../format'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { ProblemPanel } from '../ui/problem-panel'
import { useAction } from '../use-action'

interface Props {
  /** Which question this is, as the server knows it. */
  asked: string
  openRuns: number
  /** Whether its database may be older than what was done. */
  behind: boolean
}

/** The two answers, and what follows from each. */
export function PlaceQuestion({ asked, openRuns, behind }: Props) {
  const { busy, problem, call } = useAction()
  const router = useRouter()
  const say = (answer: 'moved' | 'copied') =>
    call(
      () => answerPlace(answer, asked),
      () => router.refresh(),
    )
  const open = openRuns === 0 ? 'No run is open.' : `${plural(openRuns, 'run is', 'runs are')} open`
  const runs = (then: string) => (openRuns === 0 ? open : `${open}: ${then}`)
  return (
    <Card label="The answer" className="grid">
      <Answer
        title="It was moved"
        about={`The other one no longer exists, and this console replaces it. ${runs(behind ? 'what is queued ends, as it may have been carried out since; what is going on is found again.' : 'what is queued starts, what is going on is found again.')}`}
      >
        <Button disabled={busy} onClick={() => say('moved')}>
          Moved
        </Button>
      </Answer>
      <Answer
        title="It was copied"
        about={`The other one goes on where it is, and this is a console of its own from now on. ${runs('here they end, and are left to the other one; nothing is sent to a server for it.')} Everybody but you is signed out.`}
      >
        <Button disabled={busy} onClick={() => say('copied')}>
          Copied
        </Button>
      </Answer>
      {problem && <ProblemPanel title="Not answered" problem={problem} className="m-4 mt-0" />}
    </Card>
  )
}

function Answer({ title, about, children }: { title: string; about: string; children: ReactNode }) {
  return (
    <div className="flex items-center gap-4 border-t border-grid px-4 py-3 first:border-t-0 max-sm:flex-col max-sm:items-start max-sm:gap-2">
      <div className="min-w-0 flex-1">
        <h2 className="text-body font-semibold">{title}</h2>
        <p className="text-ink-2">{about}</p>
      </div>
      {children}
    </div>
  )
}
