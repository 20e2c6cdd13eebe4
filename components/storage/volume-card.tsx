'use client'
import { useState } from 'react'
import { saveVolume } from '@/app/[server]/db/[database]/storage/actions'
import { bytesShort } from '../format'
import { ago } from '../format-time'
import { useRefreshLive } from '../live/use-live'
import { useWhyNot } from '../shell/why-not'
import { Button } from '../ui/button'
import { Card, CardHeader, Legend } from '../ui/card'
import { Input } from '../ui/field'
import { ProblemPanel } from '../ui/problem-panel'
import { useAction } from '../use-action'
import type { StorageAnswer } from './storage-answers'
import { volumeFacts } from './storage-messages'

const COLORS = ['var(--q1)', 'var(--q2)', 'var(--q4)', 'var(--q3)', 'var(--q5)']
const MOST_NAMED = 4
const GB = 1024 ** 3

interface VolumeCardProps {
  server: string
  answer: StorageAnswer
  readAt: string
  mayRun: boolean
}

/** What lies on the volume of the data directory, as far as it is known. */
export function VolumeCard({ server, answer, readAt, mayRun }: VolumeCardProps) {
  const volume = volumeFacts(answer)
  const parts = partsOf(answer)
  const used = parts.reduce((sum, { bytes }) => sum + bytes, 0)
  const outside = volume?.measured ? Math.max(0, volume.bytes - volume.free - used) : 0
  const shown = outside > 0 ? [...parts, { name: 'Outside PostgreSQL', bytes: outside, color: 'var(--q0)' }] : parts
  const whole = volume?.bytes ?? used
  const how = answer.volume
    ? 'by the file system of the data directory'
    : answer.typed
      ? `as ${answer.typed.changedBy} typed in, ${ago(answer.typed.changedAt, readAt)}`
      : 'size not reported'
  return (
    <Card label="Volume" className="pb-3">
      <CardHeader title="Volume" sub={volume ? `${bytesShort(volume.bytes)}, ${how}` : how}>
        {volume ? (
          <span>
            {bytesShort(Math.max(0, volume.bytes - volume.free))} used,{' '}
            <b className="font-semibold text-ink">
              {bytesShort(volume.free)} free{volume.measured ? '' : ' at most'}
            </b>
          </span>
        ) : (
          <span>{bytesShort(used)} known to be used</span>
        )}
      </CardHeader>
      <div aria-hidden className="mx-4 mt-2.5 flex h-4 gap-px overflow-hidden rounded-[3px] bg-sunken">
        {shown.map(({ name, bytes, color }) => (
          <span key={name} style={{ width: `${whole > 0 ? (bytes / whole) * 100 : 0}%`, background: color }} />
        ))}
      </div>
      <div className="flex flex-wrap gap-x-4 gap-y-1 px-4 pt-2 text-label">
        {shown.map(({ name, bytes, color }) => (
          <Legend key={name} mark={<i aria-hidden className="size-2 rounded-[2px]" style={{ background: color }} />}>
            {name} <b className="font-semibold">{bytesShort(bytes)}</b>
          </Legend>
        ))}
      </div>
      {!answer.volume && <TypedVolume server={server} answer={answer} mayRun={mayRun} />}
    </Card>
  )
}

function partsOf({ databases, files }: StorageAnswer): { name: string; bytes: number; color: string }[] {
  const known = databases.flatMap(({ datname, bytes }) => (bytes === null ? [] : [{ name: datname, bytes }]))
  const named = known.slice(0, MOST_NAMED).map((one, at) => ({ ...one, color: COLORS[at] ?? 'var(--q0)' }))
  const rest = known.slice(MOST_NAMED)
  const [file] = files.ok ? files.value : []
  return [
    ...named,
    ...(rest.length > 0
      ? [{ name: `${rest.length} other databases`, bytes: rest.reduce((sum, { bytes }) => sum + bytes, 0), color: COLORS[4] ?? '' }]
      : []),
    ...(file ? [{ name: 'WAL', bytes: file.wal_bytes, color: 'var(--q6)' }] : []),
    ...(file && file.temp_bytes > 0 ? [{ name: 'Temporary files', bytes: file.temp_bytes, color: 'var(--q6)' }] : []),
  ]
}

/** The size of a volume that the console cannot look at, typed in by an operator. */
function TypedVolume({ server, answer, mayRun }: { server: string; answer: StorageAnswer; mayRun: boolean }) {
  const whyNot = useWhyNot()
  const refresh = useRefreshLive()
  const [text, setText] = useState(answer.typed ? String(Number((answer.typed.bytes / GB).toPrecision(6))) : '')
  const { busy, problem, call } = useAction()
  const size = Number(text.replace(',', '.'))
  const valid = text.trim() !== '' && Number.isFinite(size) && size >= 0.001 && size <= 8 * 1024 ** 2
  const save = (bytes: number | null) =>
    call(
      () => saveVolume(server, bytes),
      () => refresh('storage'),
    )
  return (
    <form
      className="flex flex-wrap items-center gap-2 px-4 pt-3 text-cell"
      onSubmit={(event) => {
        event.preventDefault()
        if (valid) save(Math.round(size * GB))
      }}
    >
      <label htmlFor="volume-size" className="text-ink-2">
        The data directory is on another machine. Size of its volume, GB
      </label>
      <Input
        id="volume-size"
        mono
        inputMode="decimal"
        autoComplete="off"
        maxLength={12}
        className="max-w-28"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <Button type="submit" size="sm" disabled={!mayRun || busy || !valid} title={mayRun ? undefined : whyNot}>
        Save size
      </Button>
      {answer.typed && (
        <Button size="sm" variant="quiet" disabled={!mayRun || busy} onClick={() => save(null)}>
          Forget size
        </Button>
      )}
      {problem && <ProblemPanel title="Not saved" problem={problem} />}
    </form>
  )
}
