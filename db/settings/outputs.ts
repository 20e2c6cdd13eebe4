import { type ServerSetting, settingOf, type Takes } from './server-setting'

/** What can be copied: a script for psql, the end of postgresql.conf, a Kubernetes operator's map, a parameter group. */
export type Format = 'sql' | 'conf' | 'yaml' | 'terraform'

/** One value to be written down. */
export interface Change {
  name: string
  value: string
  takes: Takes
  why: string
  /** On which of a primary and its standbys first. */
  order?: string | null
}

const NOTE: Record<Takes, string> = {
  restart: 'at the next restart',
  reload: 'at the reload',
  'new sessions': 'in new sessions, after the reload',
}

const quoted = (value: string): string => `'${value.replaceAll("'", "''")}'`

/** ${ and %{ begin templates in HCL. */
const hcl = (value: string): string => JSON.stringify(value).replaceAll(/[$%](?=\{)/g, '$&$&')

/** The lines of one setting, each with its line break. Comments are -- in SQL and # in postgresql.conf, never the other way round. */
export function linesOf({ name, value, takes, why, order }: Change, row: ServerSetting): Record<Format, string> {
  return {
    sql: `ALTER SYSTEM SET ${name} = ${quoted(value)}; -- takes effect ${NOTE[takes]}${order ? `. ${order}` : ''}\n`,
    conf: `${`${name} = ${quoted(value)}`.padEnd(52)} # ${takes}: ${why}${order ? ` ${order}` : ''}\n`,
    yaml: `    ${name}: ${JSON.stringify(value)}\n`,
    // aws_db_parameter_group wants numbers in the setting's base unit.
    terraform: [
      'parameter {',
      `  name         = "${name}"`,
      `  value        = ${hcl(settingOf(value, row) ?? value)}`,
      `  apply_method = "${takes === 'restart' ? 'pending-reboot' : 'immediate'}"`,
      '}\n',
    ].join('\n'),
  }
}

/**
 * What stands before and after the lines; the heading, a sentence a line, is a comment. A script needs each statement by itself: ALTER
 * SYSTEM runs in no transaction block.
 */
export function framesOf(heading: string[]): Record<Format, { before: string; after: string }> {
  // what somebody wrote into a file may hold a line break
  const comment = (mark: string) => heading.map((line) => `${mark} ${line.replaceAll(/\s+/g, ' ')}\n`).join('')
  return {
    sql: { before: comment('--'), after: 'SELECT pg_reload_conf();\n' },
    conf: { before: comment('#'), after: '' },
    yaml: { before: `${comment('#')}postgresql:\n  parameters:\n`, after: '' },
    terraform: { before: comment('#'), after: '' },
  }
}
