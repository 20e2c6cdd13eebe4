import { Check, CircleAlert, RotateCw, TriangleAlert } from 'lucide-react'
import { clock } from '../format-time'
import { classes } from '../ui/class-names'
import { SectionTitle } from '../ui/section-title'
import { countLines, type MergedLine, type PreflightStatus } from './preview'

const MARKS: Record<PreflightStatus, { icon: typeof Check; look: string; word: string }> = {
  stop: { icon: CircleAlert, look: 'bg-bad-soft text-bad', word: 'Stop' },
  warn: { icon: TriangleAlert, look: 'bg-warn-soft text-warn', word: 'Warning' },
  pass: { icon: Check, look: 'bg-ok-soft text-ok', word: 'Pass' },
}

interface PreflightProps {
  lines: MergedLine[]
  checkedAt: string
  busy: boolean
  onCheckAgain: () => void
  /** How many commands: of several, lines name the objects that they are about. */
  commands: number
}

/** The preflight, line by line, worst first. */
export function Preflight({ lines, checkedAt, busy, onCheckAgain, commands }: PreflightProps) {
  const counts = countLines(lines)
  return (
    <section aria-busy={busy}>
      <SectionTitle
        sub={<span aria-live="polite">{`${counts.pass} pass, ${counts.warn} warn, ${counts.stop} stop`}</span>}
        aside={
          <button
            type="button"
            onClick={onCheckAgain}
            disabled={busy}
            title="Check again"
            className="flex items-center gap-[5px] rounded-chip text-label text-ink-3 hover:text-ink disabled:opacity-45"
          >
            <RotateCw aria-hidden className="size-3" />
            <span className="sr-only">Check again; last checked at</span>
            {clock(checkedAt)}
          </button>
        }
      >
        Preflight
      </SectionTitle>
      <ul>
        {lines.map((line) => (
          <Line key={`${line.name} ${line.status} ${line.title}`} line={line} commands={commands} />
        ))}
      </ul>
    </section>
  )
}

/** Which of the commands it is said of. */
function about(objects: string[], commands: number): string {
  if (objects.length === commands) return `all ${commands}`
  const rest = objects.length - 3
  return rest > 0 ? `${objects.slice(0, 3).join(', ')} and ${rest} more` : objects.join(', ')
}

function Line({ line: { status, title, said, count }, commands }: { line: MergedLine; commands: number }) {
  const { icon: Icon, look, word } = MARKS[status]
  const [first] = said
  return (
    <li className="grid grid-cols-[20px_1fr] gap-2 border-t border-line py-[7px] text-cell leading-[17px] text-ink-2 first:border-t-0">
      <span className={classes('grid size-[18px] place-items-center rounded-full', look)}>
        <Icon role="img" aria-label={word} className="size-3" strokeWidth={2.2} />
      </span>
      <div className="min-w-0 [overflow-wrap:anywhere]">
        <p className="flex gap-2 font-medium text-ink">
          {title}
          {commands > 1 && (
            <span className="ml-auto shrink-0 font-normal text-ink-3">
              {count === commands ? `all ${commands}` : `${count} of ${commands}`}
            </span>
          )}
        </p>
        {said.length === 1 && first ? (
          <>
            <p>{first.detail}</p>
            {commands > 1 && count < commands && <p className="font-mono text-ink-3">{about(first.objects, commands)}</p>}
          </>
        ) : (
          <details open={status !== 'pass'}>
            <summary className="cursor-default text-ink-3 hover:text-ink">What it says of each</summary>
            <ul>
              {said.map(({ detail, objects }) => (
                <li key={detail} className="pt-1">
                  {detail} <span className="font-mono text-ink-3">{about(objects, commands)}</span>
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
    </li>
  )
}
