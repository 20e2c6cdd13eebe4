import { Check, TriangleAlert } from 'lucide-react'
import type { Restart } from '@/db/commands/define-command'
import { formatDay } from '@/db/domain/format'
import { clock } from '../format-time'
import { HeadCell } from '../ui/data-table'
import { SectionTitle } from '../ui/section-title'
import { RunFact, RunFacts } from './run-facts'

const CELL = 'px-2 py-1.5 align-top text-cell first:pl-0 last:pr-0'

/** What a restart gave: when the postmaster was started, before and after, and the settings that waited for it. */
export function Restarted({ restart: { startedBefore, startedAfter, settings } }: { restart: Restart }) {
  return (
    <section aria-label="Restart" className="mt-4">
      <SectionTitle sub="pg_postmaster_start_time()">Restart</SectionTitle>
      <RunFacts>
        <RunFact name="Started before">{moment(startedBefore)}</RunFact>
        <RunFact name="Started after">{startedAfter ? moment(startedAfter) : 'not known: the server did not answer'}</RunFact>
      </RunFacts>
      {settings.length > 0 && (
        <table className="mt-2 w-full border-collapse">
          <thead>
            <tr>
              <HeadCell className="pl-0!">Setting</HeadCell>
              <HeadCell numeric>Before</HeadCell>
              <HeadCell numeric>Wanted</HeadCell>
              <HeadCell numeric>After</HeadCell>
              <HeadCell className="pr-0!">Took</HeadCell>
            </tr>
          </thead>
          <tbody>
            {settings.map(({ name, was, wanted, is, took }) => (
              <tr key={name} className="border-t border-grid">
                <td className={`${CELL} font-mono [overflow-wrap:anywhere]`}>{name}</td>
                <Value text={was} />
                <Value text={wanted} />
                <Value text={is ?? 'unknown'} />
                <td className={CELL}>
                  <span className="flex items-center gap-1">
                    {took ? (
                      <Check aria-hidden className="size-3.5 text-ok" />
                    ) : (
                      <TriangleAlert aria-hidden className="size-3.5 text-bad" />
                    )}
                    {took ? 'yes' : 'no'}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

const moment = (at: string): string => `${formatDay(at)} ${clock(at)} UTC`

const Value = ({ text }: { text: string }) => (
  <td className={`${CELL} text-right font-mono [overflow-wrap:anywhere]`}>{text === '' ? "''" : text}</td>
)
