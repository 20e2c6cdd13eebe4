import Link from 'next/link'
import type { CommandRequest } from '@/db/domain/command-request'
import { sinceWords } from '../format-time'
import { fixLabel } from '../overview/overview-messages'
import { useWhyNot } from '../shell/why-not'
import { Button } from '../ui/button'
import { Card, CardHeader } from '../ui/card'
import { classes } from '../ui/class-names'
import { CopyButton } from '../ui/copy-button'
import type { ReplicationAnswer } from './replication-types'

interface WhatToDoProps {
  now: ReplicationAnswer
  mayRun: boolean
  onAsk: (request: CommandRequest) => void
  configurationHref: string
}

const TONE = { bad: 'text-bad', warn: 'text-warn', info: 'text-ink-3' }
const WORD = { bad: 'High', warn: 'Medium', info: 'Low' }
const RANK = { bad: 0, warn: 1, info: 2 }

/** Each problem of this page with its evidence and the way out; what could not be looked at. */
export function WhatToDo({ now, mayRun, onAsk, configurationHref }: WhatToDoProps) {
  const whyNot = useWhyNot()
  const found = now.checks
    .flatMap(({ name, findings }) => findings.map((finding) => ({ check: name, finding })))
    .sort((a, b) => RANK[a.finding.severity] - RANK[b.finding.severity])
  const blind = now.checks.filter(({ problem }) => problem !== null)
  return (
    <Card label="What to do" className="overflow-hidden">
      <CardHeader title="What to do" sub={`${now.checks.length - blind.length} checks ran`} />
      {found.length === 0 && (
        <p className="px-4 pt-1 pb-3 text-ink-3">
          {blind.length === 0 ? 'Nothing: no check found a problem.' : 'No check that could run found a problem.'}
        </p>
      )}
      <ul className="mt-2">
        {found.map(({ check, finding }) => {
          const ways = [finding.fix, finding.also].filter((way) => way != null)
          return (
            <li key={`${check} ${finding.title}`} className="border-t border-grid px-4 py-2.5">
              <div className="flex flex-col gap-1.5">
                <div className="min-w-0">
                  <p className="font-medium [overflow-wrap:anywhere]">{finding.title}</p>
                  <p className="text-cell text-ink-2 [overflow-wrap:anywhere]">{finding.evidence}</p>
                  <p className="text-label text-ink-3">
                    <span className={classes('font-medium', TONE[finding.severity])}>{WORD[finding.severity]}</span>
                    {finding.since && `, since ${sinceWords(finding.since, now.state.server_now)}`}
                  </p>
                </div>
                <div className="flex shrink-0 flex-wrap gap-2">
                  {ways.map((way) => (
                    <Button
                      key={way.command}
                      size="sm"
                      disabled={!mayRun}
                      title={mayRun ? undefined : whyNot}
                      aria-label={`${fixLabel([way])} ${finding.title}`}
                      onClick={() => onAsk(way)}
                    >
                      {fixLabel([way])}
                    </Button>
                  ))}
                  {finding.sql && <CopyButton label="Copy SQL" text={finding.sql} />}
                </div>
              </div>
            </li>
          )
        })}
        {blind.map(({ name, about, problem }) => (
          <li key={name} className="border-t border-grid px-4 py-2.5 text-cell">
            <p className="font-medium">{name} did not run</p>
            <p className="text-ink-2 [overflow-wrap:anywhere]">
              {about}: {problem?.message}
              {problem?.fix && `. To fix: ${problem.fix}`}
            </p>
          </li>
        ))}
      </ul>
      <p className="border-t border-grid px-4 py-2 text-label text-ink-3">
        Sizes and times of WAL and archive are changed on{' '}
        <Link href={configurationHref} className="underline">
          Configuration
        </Link>
        .
      </p>
    </Card>
  )
}
