import path from 'node:path'
import type { Check, Finding } from '../../checks/define-check'
import { formatFirst, formatMoment } from '../../domain/format'
import type { Row } from '../../server/define-read'
import { ok } from '../../server/problem'
import { runRead } from '../../server/run-read'
import { settingsFileFaults } from '../reads/settings-file-faults'
import { aboutSettings } from '../settings-found'

type Fault = Row<typeof settingsFileFaults>

const AUTO = 'postgresql.auto.conf'
const lineOf = (file: string, line: number | null): string => `${path.basename(file)}, line ${line}`
const isAuto = (file: string | null): boolean => file !== null && path.basename(file) === AUTO

/**
 * A file that is included, and postgresql.auto.conf, outdo other files by design (manual, 19.1.2): that is told only where the main file was
 * written later than what ALTER SYSTEM wrote, so that somebody may have changed it to no effect. Two lines in one file are a mistake.
 */
const isUnexpected = ({ sourcefile, main, by_file, changed, by_changed }: Fault): boolean =>
  sourcefile === by_file || (main && isAuto(by_file) && changed !== null && by_changed !== null && changed > by_changed)

export const settingsFile: Check = {
  name: 'settings-file',
  about: 'Lines of the configuration files that the server refuses, or that another line with another value outdoes',
  cadence: 'hour',
  scope: 'server',
  look: async (target) => {
    const read = await runRead(target, settingsFileFaults, {})
    // Few roles may read the files; who may not is told so on the page of the configuration.
    if (!read.ok) return read.problem.kind === 'insufficient_privilege' ? ok([]) : read
    const refused = read.value.filter(({ error }) => error !== null)
    const outdone = read.value.filter((row) => row.error === null && isUnexpected(row))
    return ok([...(refused.length > 0 ? [refusedOf(refused)] : []), ...(outdone.length > 0 ? [outdoneOf(outdone)] : [])])
  },
}

/** With one of them the next start fails, and a reload takes none of the changes (manual, 19.1.2). */
function refusedOf(faults: Fault[]): Finding {
  const lines = faults.map(
    ({ name, sourcefile, sourceline, error }) => `${lineOf(sourcefile, sourceline)}${name === null ? '' : ` (${name})`}: ${error}`,
  )
  return {
    ...aboutSettings,
    name: 'refused lines',
    title: `The server refuses ${faults.length === 1 ? 'a line' : `${faults.length} lines`} of its configuration files`,
    evidence: `${formatFirst(lines)}. The server takes no change of the files at a reload while a line is wrong, and may not start with it.`,
    severity: 'bad',
    fix: null,
    sql: null,
  }
}

function outdoneOf(faults: Fault[]): Finding {
  const lines = faults.map(({ name, setting, sourcefile, sourceline, by_file, by_line, by_setting }) => {
    const by = lineOf(by_file ?? '', by_line)
    return `${name} = ${setting} in ${lineOf(sourcefile, sourceline)}, ${by_setting} in ${by}`
  })
  const last = faults
    .map(({ changed }) => changed ?? '')
    .sort()
    .at(-1)
  return {
    ...aboutSettings,
    name: 'lines without effect',
    title:
      faults.length === 1
        ? `${faults[0]?.name} is set twice, to different values`
        : `${faults.length} lines of the configuration files have no effect`,
    evidence: `${formatFirst(lines)}. Of several lines for a setting the last one counts, and ${AUTO} is read last.${last ? ` The file with the line that has no effect was last written ${formatMoment(last)}.` : ''}`,
    severity: 'info',
    fix: null,
    sql: null,
  }
}
