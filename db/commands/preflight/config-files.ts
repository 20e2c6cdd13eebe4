import { formatFirst } from '../../domain/format'
import { ok } from '../../server/problem'
import { line, type PreflightCheck } from '../define-command'
import { readBrokenLines, readBrokenRules } from '../facts/broken-files'

/** Before a reload: with a syntax error or an unknown name in any file the server applies no line of all; a bad value it leaves out. */
export const soundForReload: PreflightCheck = async (target) => {
  const broken = await readBrokenLines(target)
  if (!broken.ok) return broken
  const all = broken.value ?? []
  const fatal = all.filter(({ applies }) => applies === 'nothing')
  if (fatal.length > 0)
    return line(
      'config-files',
      'stop',
      'The configuration files are broken',
      `${formatFirst(fatal.map(({ text }) => text))}. A reload would apply nothing, and the server would not start again. Correct this first.`,
    )
  return all.length > 0
    ? line(
        'config-files',
        'warn',
        'The server would not start with its files',
        `${formatFirst(all.map(({ text }) => text))}. A reload leaves that out; the next start fails on it.`,
      )
    : ok(null)
}

/** Before a restart: whatever the server does not take keeps it from starting. */
export const soundForStart: PreflightCheck = async (target) => {
  const [lines, rules] = await Promise.all([readBrokenLines(target), readBrokenRules(target)])
  if (!lines.ok) return lines
  if (!rules.ok) return rules
  const all = [...(lines.value ?? []).map(({ text }) => text), ...(rules.value ?? [])]
  if (all.length > 0) return line('config-files', 'stop', 'The server would not start again', `${formatFirst(all)}. Correct this first.`)
  return lines.value === null
    ? ok(null)
    : line('config-files', 'pass', 'Its files can be read', 'The server accepts every line of its configuration.')
}
