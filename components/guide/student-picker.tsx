'use client'
import { useEffect, useState } from 'react'
import { findGuideStudents } from '@/app/[server]/db/[database]/guide/workload/actions'
import type { GuideStudent } from '@/db/guide/students'
import { plural } from '../format'
import { Button } from '../ui/button'
import { ProblemPanel } from '../ui/problem-panel'
import { SearchField } from '../ui/search-field'
import { useAction } from '../use-action'

interface StudentPickerProps {
  place: { server: string; database: string; schema: string }
  chosen: { id: string; name: string } | null
  disabled: boolean
  title: string | undefined
  onChoose: (student: { id: string; name: string }) => void
}

const PAUSE_MS = 300

/** A student by name, out of those who are enrolled; asked for when it is opened. */
export function StudentPicker({ place, chosen, disabled, title, onChoose }: StudentPickerProps) {
  const [open, setOpen] = useState(false)
  return (
    <span className="relative inline-flex items-center gap-2 text-cell text-ink-2">
      Student
      <Button
        aria-label={`Student: ${chosen?.name ?? 'the one with most courses'}`}
        disabled={disabled}
        title={title}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {chosen?.name ?? 'the one with most courses'}
      </Button>
      {open && (
        <Choices
          place={place}
          onChoose={(student) => {
            setOpen(false)
            onChoose(student)
          }}
          onClose={() => setOpen(false)}
        />
      )}
    </span>
  )
}

function Choices({ place, onChoose, onClose }: Pick<StudentPickerProps, 'place' | 'onChoose'> & { onClose: () => void }) {
  const [search, setSearch] = useState('')
  const [found, setFound] = useState<GuideStudent[]>()
  const { call, problem, busy } = useAction()
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again for another text alone
  useEffect(() => {
    const timer = setTimeout(
      () =>
        call(
          () => findGuideStudents({ ...place, search }),
          ({ students }) => setFound(students),
        ),
      PAUSE_MS,
    )
    return () => clearTimeout(timer)
  }, [search])
  return (
    <div
      role="dialog"
      aria-label="Choose a student"
      onKeyDown={(event) => event.key === 'Escape' && search === '' && onClose()}
      className="absolute top-full left-0 z-20 mt-1 w-72 max-w-[calc(100vw-32px)] rounded-card border border-line-2 bg-surface p-2 shadow-float"
    >
      <SearchField label="Name of a student" value={search} onChange={setSearch} className="w-full" />
      {problem && <ProblemPanel problem={problem} className="mt-2" />}
      <ul className="mt-1.5 max-h-64 overflow-y-auto" aria-busy={busy}>
        {found?.map((student) => (
          <li key={student.id}>
            <button
              type="button"
              onClick={() => onChoose({ id: student.id, name: student.name })}
              className="flex w-full items-baseline gap-2 rounded-control px-2 py-1 text-left text-cell text-ink hover:bg-hover max-sm:py-2.5"
            >
              <span className="min-w-0 flex-1 truncate">{student.name}</span>
              <span className="text-label text-ink-3">{plural(student.courses, 'course', 'courses')}</span>
            </button>
          </li>
        ))}
      </ul>
      {found?.length === 0 && <p className="px-2 py-1 text-label text-ink-3">No enrolled student has this in the name</p>}
      {!found && !problem && <p className="px-2 py-1 text-label text-ink-3">Asking the server …</p>}
    </div>
  )
}
