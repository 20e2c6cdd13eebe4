import type { LeftFiles } from '@/db/runs/run-types'
import { bytes } from '../format'
import { moment } from '../format-time'
import { ProblemPanel } from '../ui/problem-panel'
import { Sql } from '../ui/sql'

/** Files that a crash left beside the catalog: which, how large, and what may be done; where nobody could look, how to look. */
export function FilesLeft({ left: { files, undecided, problem, advice, sql } }: { left: LeftFiles }) {
  return (
    <section
      aria-label="Files left behind"
      className="mx-5 mt-3.5 rounded-control border border-warn-line bg-warn-soft px-3 py-2.5 text-cell"
    >
      <p className="font-semibold">
        {files.length > 0 ? 'Files that belong to no relation' : 'Files may be left that belong to no relation'}
      </p>
      {files.length > 0 && (
        <ul className="mt-1">
          {files.map((file) => (
            <li key={file.path}>
              <span className="font-mono">{file.path}</span>, {bytes(file.bytes)}, last written {moment(file.modified)}
            </li>
          ))}
        </ul>
      )}
      {undecided > 0 && (
        <p className="mt-1">
          {undecided === 1 ? 'One more file' : `${undecided} more files`} may belong to a transaction that is still open: check again after
          it ends.
        </p>
      )}
      <p className="mt-1 text-ink-2">{advice}</p>
      {problem && <ProblemPanel className="mt-2" problem={problem} />}
      {sql && <Sql className="mt-2" sql={sql} />}
    </section>
  )
}
